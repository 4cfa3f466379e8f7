/** The sessions of some days in sum. Pure. */
import type { SessionAdherence } from './planQueries';

type Judged = Pick<SessionAdherence, 'status'> & { steps?: readonly { verdict: string }[] };

/** Of the sessions whose day is over or that are done: how many were done, and how many of their measured steps as planned. */
export function soFar(sessions: readonly Judged[]) {
  const due = sessions.filter(({ status }) => status !== 'upcoming');
  const done = due.filter(({ status }) => status === 'done');
  const steps = done.flatMap((one) => one.steps ?? []).filter(({ verdict }) => verdict !== 'unmeasured');
  return {
    sessions: due.length,
    done: done.length,
    steps: steps.length,
    met: steps.filter(({ verdict }) => verdict === 'met').length,
  };
}
