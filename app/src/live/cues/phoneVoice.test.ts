import { newCues, say, type Utterance } from './policy';

const { newVoice } = jest.requireActual<typeof import('./voice')>('./voice.ts');

type Options = { language: string; onDone: () => void; onStopped: () => void };

/** What the phone was asked to do, in order. */
const mockLog: string[] = [];
/** The end of what is being said. */
const mockSpoken: Options[] = [];

jest.mock('expo-speech', () => ({
  speak: (text: string, options: Options) => {
    mockLog.push(`${options.language} ${text}`);
    mockSpoken.push(options);
  },
  stop: async () => {
    mockLog.push('stop');
    mockSpoken.at(-1)?.onStopped();
  },
}));
jest.mock('expo-haptics', () => ({
  ImpactFeedbackStyle: { Light: 'light', Medium: 'medium' },
  NotificationFeedbackType: { Warning: 'warning' },
  impactAsync: async (style: string) => void mockLog.push(`feel ${style}`),
  notificationAsync: async (kind: string) => void mockLog.push(`feel ${kind}`),
}));
jest.mock('expo-audio', () => ({
  setAudioModeAsync: async (mode: { interruptionMode: string; shouldPlayInBackground: boolean }) =>
    void mockLog.push(`${mode.interruptionMode} ${mode.shouldPlayInBackground}`),
  createAudioPlayer: (uri: string) => {
    const name = uri.includes('tone') ? 'tone' : 'hush';
    return {
      loop: false,
      seekTo: async () => undefined,
      play: () => mockLog.push(`play ${name}`),
      pause: () => mockLog.push(`pause ${name}`),
      remove: () => mockLog.push(`remove ${name}`),
    };
  },
}));
jest.mock('expo-file-system', () => ({
  Paths: { cache: 'file:///cache' },
  File: class {
    exists = false;
    size = 0;
    uri: string;
    constructor(folder: string, name: string) {
      this.uri = `${folder}/${name}`;
    }
    create() {}
    write() {}
  },
}));

beforeEach(() => {
  mockLog.length = 0;
  mockSpoken.length = 0;
});

function twoUtterances(): Utterance[] {
  const [after, first] = say(newCues('de'), [{ kind: 'correction', code: 'correction.hips_sag' }], 1);
  const [, second] = say(after, [{ kind: 'count', code: 'count', params: { count: 7 } }], 1.2);
  return [first, second] as Utterance[];
}

test('a count silences what is being said, and the music stays low until the last word', () => {
  const voice = newVoice();
  const [first, second] = twoUtterances();
  voice.say(first!, 'de');
  voice.say(second!, 'de');
  mockLog.push('---');
  mockSpoken.at(-1)?.onDone();
  expect(voice.canSpeak).toBe(true);
  const spoken = mockLog.filter((line) => !line.startsWith('feel'));
  expect(spoken).toEqual([
    'duckOthers true',
    'play hush',
    `de-DE ${first?.text}`,
    'stop',
    'play hush',
    'de-DE 7',
    '---',
    'pause hush',
  ]);
});

test('a correction is felt as the policy says', () => {
  const voice = newVoice();
  const [first] = twoUtterances();
  voice.say({ ...first!, haptic: 'warning' }, 'en');
  voice.say({ ...first!, haptic: 'light' }, 'en');
  voice.say({ ...first!, haptic: null }, 'en');
  expect(mockLog.filter((line) => line.startsWith('feel'))).toEqual(['feel warning', 'feel light']);
});

test('tones play, and silence lets everything go', () => {
  const voice = newVoice();
  voice.wake();
  voice.tone();
  voice.silence();
  expect(mockLog).toEqual([
    'duckOthers true',
    'play tone',
    'stop',
    'pause hush',
    'remove tone',
    'remove hush',
  ]);
});

test('what the athlete turned off is left out; what is being said ends at once, and the music is as before', () => {
  const voice = newVoice();
  const [first, second] = twoUtterances();
  voice.say(first!, 'de');
  mockLog.length = 0;
  voice.obey({ voice: false, tones: false, haptics: true });
  voice.say(second!, 'de');
  voice.tone();
  expect(mockLog).toEqual(['stop', 'pause hush', 'feel light']);
  mockLog.length = 0;
  voice.obey({ voice: true, tones: true, haptics: false });
  voice.say(second!, 'de');
  voice.tone();
  expect(mockLog).toEqual(['play hush', 'de-DE 7', 'play tone']);
});
