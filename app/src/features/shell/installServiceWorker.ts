/** Native apps bring their files along. */
export function installServiceWorker(): void {}
