import { newCues, say, type Utterance } from './policy';
import { newVoice } from './voice.web';

type Spoken = { text: string; lang: string };

function heard() {
  const log: string[] = [];
  const speech = {
    speaking: false,
    pending: false,
    speak: (one: Spoken) => {
      speech.speaking = true;
      log.push(`${one.lang} ${one.text}`);
    },
    cancel: () => {
      speech.speaking = false;
      log.push('cancel');
    },
  };
  Object.defineProperty(window, 'speechSynthesis', { value: speech, configurable: true });
  Object.defineProperty(globalThis, 'SpeechSynthesisUtterance', {
    value: class {
      lang = '';
      rate = 1;
      constructor(readonly text: string) {}
    },
    configurable: true,
  });
  return log;
}

test('a count silences what is being said, so that no two voices overlap', () => {
  const log = heard();
  const voice = newVoice();
  const [after, first] = say(newCues('de'), [{ kind: 'correction', code: 'correction.hips_sag' }], 1);
  const [, second] = say(after, [{ kind: 'count', code: 'count', params: { count: 7 } }], 1.2);
  for (const one of [first, second] as Utterance[]) voice.say(one, 'de');
  expect(second?.interrupts).toBe(true);
  expect(log).toEqual([`de-DE ${first?.text}`, 'cancel', 'de-DE 7']);
});
