/** Says cues with the browser's speech; one voice at a time, the newest count wins. */

import type { Language, Utterance } from './policy';
import { SPEECH_RATE, SPEECH_TAGS, TONE_GAIN, TONE_HZ, TONE_S } from './speaking';
import type { Voice } from './voice';

const VIBRATION_MS = { light: 20, medium: 60, warning: 150 } as const;

export function newVoice(): Voice {
  const speech = typeof window === 'undefined' ? undefined : window.speechSynthesis;
  let audio: AudioContext | null = null;
  return {
    canSpeak: speech !== undefined,
    say: (utterance: Utterance, language: Language) => {
      if (utterance.haptic !== null) navigator.vibrate?.(VIBRATION_MS[utterance.haptic]);
      if (speech === undefined) return;
      // The policy lets something begin during another only when that other is to be silenced.
      if (speech.speaking || speech.pending) speech.cancel();
      const spoken = new SpeechSynthesisUtterance(utterance.text);
      spoken.lang = SPEECH_TAGS[language];
      spoken.rate = SPEECH_RATE;
      speech.speak(spoken);
    },
    tone: () => {
      if (audio === null || audio.state !== 'running') return;
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
