/** Asking again for a sensor that was lost, until it is back or nobody wants it any more. */

const RETRY_MS = [1_000, 2_000, 5_000, 10_000] as const;

export type Sought = {
  /** Connects; fails while the sensor is out of reach. */
  meet: () => Promise<void>;
  isOutOfReach: (error: unknown) => boolean;
  isClosed: () => boolean;
  onLost: () => void;
};

/** Returns what to call when the sensor has left. */
export function seeker({ meet, isOutOfReach, isClosed, onLost }: Sought): () => Promise<void> {
  let isSought = false;
  return async () => {
    // One that leaves while it is being asked is asked for once.
    if (isSought) return;
    isSought = true;
    for (let attempt = 0; !isClosed(); attempt++) {
      await new Promise((done) => setTimeout(done, RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]));
      if (isClosed()) break;
      try {
        await meet();
        break;
      } catch (error) {
        // Out of reach is no error: it may come back.
        if (!isOutOfReach(error)) throw error;
        onLost();
      }
    }
    isSought = false;
  };
}
