import { newCues, say, type Utterance } from './policy';
import { newVoice } from './voice.web';

type Spoken = { text: string; lang: string };

function heard({ paused = false } = {}) {
  const log: string[] = [];
  const speech = {
    speaking: false,
    pending: false,
    paused,
    resume: () => {
      speech.paused = false;
      log.push('resume');
    },
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

test('after a call, which halts the voice and takes the sound away, both come back by themselves', () => {
  const log = heard({ paused: true });
  const tones: string[] = [];
  const audio = {
    state: 'interrupted',
    currentTime: 0,
    destination: {},
    resume: () => {
      audio.state = 'running';
      return Promise.resolve();
    },
    createGain: () => ({ gain: { value: 0 }, connect: () => undefined }),
    createOscillator: () => ({
      frequency: { value: 0 },
      connect: () => ({ connect: () => undefined }),
      start: () => tones.push('tone'),
      stop: () => undefined,
    }),
  };
  Object.defineProperty(globalThis, 'AudioContext', {
    value: function () {
      return audio;
    },
    configurable: true,
  });
  const voice = newVoice();
  voice.wake();
  audio.state = 'interrupted';
  voice.tone();
  expect(tones).toEqual([]);
  voice.tone();
  expect(tones).toEqual(['tone']);
  const [, one] = say(newCues('en'), [{ kind: 'count', code: 'count', params: { count: 3 } }], 1);
  voice.say(one as Utterance, 'en');
  expect(log).toEqual(['resume', 'en-US 3']);
});

test('what the athlete turned off is left out, and what is being said ends at once', () => {
  const log = heard();
  const felt: number[] = [];
  Object.defineProperty(navigator, 'vibrate', { value: (ms: number) => felt.push(ms), configurable: true });
  const voice = newVoice();
  const [, one] = say(newCues('en'), [{ kind: 'count', code: 'count', params: { count: 3 } }], 1);
  voice.obey({ voice: true, tones: true, haptics: false });
  voice.say(one as Utterance, 'en');
  voice.obey({ voice: false, tones: true, haptics: true });
  voice.say(one as Utterance, 'en');
  expect(log).toEqual(['en-US 3', 'cancel']);
  expect(felt).toEqual([20]);
});
