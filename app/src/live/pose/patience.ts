/** A picture that cannot be taken or read is passed over; a run of them ends the set. */

/** So long there may be no picture that can be read. [s] */
export const BLIND_S = 3;

/** No picture could be read for too long; the cause is that of the last one. */
export class BlindError extends Error {
  override readonly name = 'BlindError';
}

export class Patience {
  private badSinceS: number | null = null;

  /** A picture was understood, or another camera looks. */
  good(): void {
    this.badSinceS = null;
  }

  /** A picture taken at `tS` was not: null while the next may be, else what ends the set. */
  bad(tS: number, reason: unknown): BlindError | null {
    this.badSinceS ??= tS;
    if (tS - this.badSinceS < BLIND_S) return null;
    return new BlindError(`No picture could be read for ${BLIND_S} s`, { cause: reason });
  }
}
