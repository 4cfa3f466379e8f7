/** Which sensor is meant, of those around: what was found goes in, what is chosen comes out. Browsers ask by themselves. */

import type { SensorKind } from './gatt';

export type Signal = 'strong' | 'medium' | 'weak';

/** A sensor that is near; the signal is null where it was not measured. */
export type Found = { id: string; name: string; signal: Signal | null };

/** Why none can be found: not allowed, Bluetooth off, no Bluetooth at all, no location services (Android up to 11). */
export type ChoiceProblem = 'denied' | 'off' | 'unsupported' | 'location' | 'failed';

export type Choice = { kind: SensorKind; found: readonly Found[]; problem: ChoiceProblem | null };

/** Beside the phone a strap is heard at -40 to -60 dBm, across a room at -80. */
const STRONG_DBM = -65;
const MEDIUM_DBM = -80;

export function signalOf(rssiDbm: number | null): Signal | null {
  if (rssiDbm === null) return null;
  return rssiDbm >= STRONG_DBM ? 'strong' : rssiDbm >= MEDIUM_DBM ? 'medium' : 'weak';
}

export class Chooser {
  private choice: Choice | null = null;
  private answer: ((chosen: Found | null) => void) | null = null;
  private readonly listeners = new Set<() => void>();

  /** Ask which one; null = none. A question that is still open is answered with none. */
  ask(kind: SensorKind): Promise<Found | null> {
    this.end(null);
    this.show({ kind, found: [], problem: null });
    return new Promise((resolve) => {
      this.answer = resolve;
    });
  }

  /** One was heard, perhaps again; they stay in the order in which they were first heard. */
  find(found: Found): void {
    if (this.choice === null) return;
    const before = this.choice.found.find(({ id }) => id === found.id);
    if (before === undefined) {
      this.show({ ...this.choice, found: [...this.choice.found, found] });
    } else if (before.signal !== found.signal || before.name !== found.name) {
      const now = this.choice.found.map((one) => (one.id === found.id ? found : one));
      this.show({ ...this.choice, found: now });
    }
  }

  report(problem: ChoiceProblem | null): void {
    if (this.choice !== null && this.choice.problem !== problem) this.show({ ...this.choice, problem });
  }

  choose(id: string): void {
    this.end(this.choice?.found.find((one) => one.id === id) ?? null);
  }

  /** None of them; a question about another kind stays open. */
  dismiss(kind: SensorKind): void {
    if (this.choice?.kind === kind) this.end(null);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): Choice | null => this.choice;

  private end(chosen: Found | null): void {
    const { answer } = this;
    this.answer = null;
    this.show(null);
    answer?.(chosen);
  }

  private show(choice: Choice | null): void {
    this.choice = choice;
    this.listeners.forEach((listener) => listener());
  }
}

/** The one question that the screen shows at a time. */
export const chooser = new Chooser();
