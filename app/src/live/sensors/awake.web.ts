/** Keeps the screen on where the browser can; it lets go of a hidden page, so that it is asked again on return. */

type Sentinel = EventTarget & { release: () => Promise<void> };
type WakeLock = { request: (type: 'screen') => Promise<Sentinel> };

export function stayAwake(onHeld: (isHeld: boolean) => void): () => void {
  const { wakeLock } = navigator as { wakeLock?: WakeLock };
  if (wakeLock === undefined) {
    onHeld(false);
    return () => undefined;
  }
  let sentinel: Sentinel | null = null;
  let isEnded = false;
  const ask = async (): Promise<void> => {
    if (document.visibilityState !== 'visible' || isEnded) return;
    try {
      const held = await wakeLock.request('screen');
      if (isEnded) {
        await held.release();
        return;
      }
      sentinel = held;
      onHeld(true);
      held.addEventListener('release', () => {
        if (!isEnded) onHeld(false);
      });
    } catch (error) {
      // A low battery, for example.
      if (!(error instanceof DOMException)) throw error;
      onHeld(false);
    }
  };
  const onVisible = () => void ask();
  document.addEventListener('visibilitychange', onVisible);
  void ask();
  return () => {
    isEnded = true;
    document.removeEventListener('visibilitychange', onVisible);
    void sentinel?.release();
  };
}
