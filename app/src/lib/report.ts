/** Says on the console why something failed, for a test or for somebody who reports it; the screen says what can be done. */
export function report(what: string, reason: unknown): void {
  // eslint-disable-next-line no-console -- The one place where the app writes there.
  console.error(`${what}:`, reason);
}
