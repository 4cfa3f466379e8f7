/** Keeps the screen on. */

import { activateKeepAwakeAsync, deactivateKeepAwake } from 'expo-keep-awake';

let asked = 0;

/** Call what is returned to end it; `onHeld` hears whether the screen stays on. */
export function stayAwake(onHeld: (isHeld: boolean) => void): () => void {
  asked += 1;
  // Several may ask at once; the screen may go off when the last of them has ended.
  const tag = `topform.live.${asked}`;
  let isEnded = false;
  const tell = (isHeld: boolean) => {
    if (!isEnded) onHeld(isHeld);
  };
  const held = activateKeepAwakeAsync(tag).then(
    () => true,
    // The system refuses it, while the app is being closed for example.
    () => false,
  );
  void held.then(tell);
  return () => {
    isEnded = true;
    void held.then((isHeld) => (isHeld ? deactivateKeepAwake(tag) : undefined));
  };
}
