/** What needs the network is tried again after a while, and after a longer one. */

export const PAUSES_MS: readonly number[] = [500, 1_500, 4_500];

/** Do the work; where another try may help, do it again after each of the pauses before its error is thrown. */
export async function triedAgain<Result>(
  work: () => Promise<Result>,
  mayHelp: (error: unknown) => boolean,
  wait: (ms: number) => Promise<void> = sleep,
): Promise<Result> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await work();
    } catch (error) {
      if (!mayHelp(error)) throw error;
    }
    await wait(pauseMs);
  }
  return work();
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
