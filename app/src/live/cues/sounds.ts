/**
 * Tones, and music of other apps that is turned down while something is said. A sound without sound plays meanwhile: both
 * systems lower other apps for as long as one of ours plays, and speech alone does not make them.
 */

import { type AudioPlayer, createAudioPlayer, setAudioModeAsync } from 'expo-audio';
import { File, Paths } from 'expo-file-system';

import { TONE_GAIN, TONE_HZ, TONE_S } from './speaking';
import { wav } from './wav';

export type Sounds = {
  /** Get ready, so that the first sound is not late. */
  open: () => void;
  tone: () => void;
  lowerMusic: () => void;
  raiseMusic: () => void;
  close: () => void;
};

type Players = { tone: AudioPlayer; hush: AudioPlayer };

const HUSH_S = 1;

export function newSounds(): Sounds {
  let players: Players | null = null;
  const opened = (): Players => (players ??= newPlayers());
  return {
    open: () => void opened(),
    tone: () => {
      const { tone } = opened();
      // Where it played before it stands at its end.
      void tone.seekTo(0);
      tone.play();
    },
    lowerMusic: () => opened().hush.play(),
    raiseMusic: () => players?.hush.pause(),
    close: () => {
      players?.hush.pause();
      players?.tone.remove();
      players?.hush.remove();
      players = null;
    },
  };
}

function newPlayers(): Players {
  void setAudioModeAsync({
    playsInSilentMode: true,
    interruptionMode: 'duckOthers',
    shouldPlayInBackground: true,
  });
  const tone = createAudioPlayer(kept('topform-tone.wav', wav(TONE_HZ, TONE_S, TONE_GAIN)));
  const hush = createAudioPlayer(kept('topform-hush.wav', wav(0, HUSH_S, 0)));
  hush.loop = true;
  return { tone, hush };
}

/** The address of a sound; players take files only. */
function kept(name: string, octets: Uint8Array<ArrayBuffer>): string {
  const file = new File(Paths.cache, name);
  if (!file.exists || file.size !== octets.length) {
    file.create({ overwrite: true });
    file.write(octets);
  }
  return file.uri;
}
