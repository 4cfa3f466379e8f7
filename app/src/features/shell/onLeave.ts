import { AppState } from 'react-native';

/** Calls back when the page gets hidden or closed, or the app goes to the background; the answer ends that. */
export function onLeave(leave: () => void): () => void {
  const heard = AppState.addEventListener('change', (state) => {
    if (state !== 'active') leave();
  });
  globalThis.addEventListener?.('pagehide', leave);
  return () => {
    heard.remove();
    globalThis.removeEventListener?.('pagehide', leave);
  };
}
