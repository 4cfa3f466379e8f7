/** The pictures of a phone's camera on their way to the coach: looked at, passed over, or not to be read. */
import type { Utterance } from '@/live/cues/policy';
import type { Looker } from '@/live/pose/looker';
import type { Seen } from '@/live/pose/messages';
import { Patience } from '@/live/pose/patience';
import { pixelsOfSquare, type Square } from '@/live/pose/phonePictures';

import type { Coach } from './coach';
import { SetClock } from './setClock';

export class PhoneSet {
  private readonly clock = new SetClock();
  private readonly patience = new Patience();
  private isEnded = false;

  /** `onLost` hears why no picture can be read any more; nothing follows. */
  constructor(
    readonly coach: Coach,
    private readonly looker: Pick<Looker, 'look' | 'restart'>,
    private readonly onLost: (error: unknown) => void,
  ) {}

  /** Understand a picture; `onSeen` hears what it showed and what is to be said now. */
  async look(
    square: Square,
    takenS: number,
    onSeen: (seen: Seen, said: Utterance | null) => void,
  ): Promise<void> {
    const tS = this.clock.at(takenS);
    try {
      const seen = await this.looker.look(pixelsOfSquare(square), takenS);
      if (this.isEnded) return;
      onSeen(seen, this.coach.take({ ...seen, tS }));
      this.patience.good();
    } catch (error) {
      if (!this.isEnded) this.miss(tS, takenS, error);
    }
  }

  /** A picture came while another was looked at. */
  passOver(takenS: number): void {
    this.coach.passOver(this.clock.at(takenS));
  }

  /** A picture could not be taken. */
  unread(reason: unknown, takenS: number): void {
    this.miss(this.clock.at(takenS), takenS, reason);
  }

  /** The set stands still until the next picture. */
  pause(): void {
    this.clock.pause();
  }

  /** What comes is a new recording: after a pause, or from another camera. */
  restart(): void {
    this.looker.restart();
    this.patience.good();
  }

  end(): void {
    this.isEnded = true;
  }

  private miss(tS: number, takenS: number, reason: unknown): void {
    this.coach.passOver(tS);
    const lost = this.patience.bad(takenS, reason);
    if (lost !== null) this.onLost(lost);
  }
}
