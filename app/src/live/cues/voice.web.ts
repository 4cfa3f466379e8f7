/** Says cues with the browser's speech; one voice at a time, the newest count wins. */

import { ALL_FEEDBACK, type Feedback } from './feedback';
import type { Language, Utterance } from './policy';
import { SPEECH_RATE, SPEECH_TAGS, TONE_GAIN, TONE_HZ, TONE_S } from './speaking';
import type { Voice } from './voice';

const VIBRATION_MS = { light: 20, medium: 60, warning: 150 } as const;

export function newVoice(): Voice {
  const speech = typeof window === 'undefined' ? undefined : window.speechSynthesis;
  let audio: AudioContext | null = null;
  let ways = ALL_FEEDBACK;
  return {
    canSpeak: speech !== undefined,
    canFeel: typeof navigator !== 'undefined' && 'vibrate' in navigator,
    obey: (feedback: Feedback) => {
      ways = feedback;
      if (!feedback.voice) speech?.cancel();
    },
    say: (utterance: Utterance, language: Language) => {
      if (utterance.haptic !== null && ways.haptics) navigator.vibrate?.(VIBRATION_MS[utterance.haptic]);
      if (speech === undefined || !ways.voice) return;
      // A call may have left it halted.
      if (speech.paused) speech.resume();
      // The policy lets something begin during another only when that other is to be silenced.
      if (speech.speaking || speech.pending) speech.cancel();
      const spoken = new SpeechSynthesisUtterance(utterance.text);
      spoken.lang = SPEECH_TAGS[language];
      spoken.rate = SPEECH_RATE;
      speech.speak(spoken);
    },
    tone: () => {
      if (audio === null || !ways.tones) return;
      if (audio.state !== 'running') {
        // A call took the sound away: the next tone is heard again. This one would be late.
        void audio.resume();
        return;
      }
      const oscillator = audio.createOscillator();
      const gain = audio.createGain();
      oscillator.frequency.value = TONE_HZ;
      gain.gain.value = TONE_GAIN;
      oscillator.connect(gain).connect(audio.destination);
      oscillator.start();
      oscillator.stop(audio.currentTime + TONE_S);
    },
    silence: () => speech?.cancel(),
    wake: () => {
      if (audio === null && typeof AudioContext !== 'undefined') audio = new AudioContext();
      void audio?.resume();
    },
  };
}
