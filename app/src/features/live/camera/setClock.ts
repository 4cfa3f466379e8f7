/** The clock of a set is the camera's, and stands still while the set is paused; pure. */

/** The first picture after a pause comes so long after the last one before it. */
const PICTURE_S = 1 / 30;

export class SetClock {
  private skippedS = 0;
  private lastS: number | null = null;
  private isPaused = false;

  pause(): void {
    this.isPaused = true;
  }

  /** The time in the set of a picture that was taken at `takenS`. */
  at(takenS: number): number {
    if (this.isPaused && this.lastS !== null) this.skippedS = takenS - this.lastS - PICTURE_S;
    this.isPaused = false;
    this.lastS = takenS - this.skippedS;
    return this.lastS;
  }
}
