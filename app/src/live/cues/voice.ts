/** Says cues with the phone's own voice and haptics; one voice at a time, the newest count wins. */

import { impactAsync, ImpactFeedbackStyle, notificationAsync, NotificationFeedbackType } from 'expo-haptics';
import { speak, stop } from 'expo-speech';

import { ALL_FEEDBACK, type Feedback } from './feedback';
import type { Language, Utterance } from './policy';
import { newSounds } from './sounds';
import { SPEECH_RATE, SPEECH_TAGS } from './speaking';

export interface Voice {
  /** Whether this device can speak. */
  readonly canSpeak: boolean;
  /** Whether it can be felt. */
  readonly canFeel: boolean;
  /** Tell by these ways only, from now on. */
  obey(feedback: Feedback): void;
  say(utterance: Utterance, language: Language): void;
  /** A short tone: the last seconds of a step. */
  tone(): void;
  silence(): void;
  /** Browsers allow sound only after a touch: call it in the handler of one. */
  wake(): void;
}

export function newVoice(): Voice {
  const sounds = newSounds();
  /** What is being said, by its number; null = nothing. */
  let saying: number | null = null;
  let said = 0;
  let ways = ALL_FEEDBACK;
  const hush = () => {
    saying = null;
    void stop();
  };
  return {
    canSpeak: true,
    canFeel: true,
    obey: (feedback: Feedback) => {
      ways = feedback;
      if (feedback.voice || saying === null) return;
      hush();
      sounds.raiseMusic();
    },
    say: (utterance: Utterance, language: Language) => {
      if (utterance.haptic !== null && ways.haptics) void feel(utterance.haptic);
      if (!ways.voice) return;
      const isOther = saying !== null;
      said += 1;
      const number = said;
      saying = number;
      // The policy lets something begin during another only when that other is to be silenced.
      if (isOther) void stop();
      const over = () => {
        // What was silenced ends now; the music stays low for what took its place.
        if (saying !== number) return;
        saying = null;
        sounds.raiseMusic();
      };
      sounds.lowerMusic();
      speak(utterance.text, {
        language: SPEECH_TAGS[language],
        rate: SPEECH_RATE,
        onDone: over,
        onStopped: over,
        onError: over,
      });
    },
    tone: () => {
      if (ways.tones) sounds.tone();
    },
    silence: () => {
      hush();
      sounds.close();
    },
    wake: () => sounds.open(),
  };
}

function feel(haptic: NonNullable<Utterance['haptic']>): Promise<void> {
  if (haptic === 'warning') return notificationAsync(NotificationFeedbackType.Warning);
  return impactAsync(haptic === 'light' ? ImpactFeedbackStyle.Light : ImpactFeedbackStyle.Medium);
}
