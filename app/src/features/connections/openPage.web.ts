/** Leaves for another page in the same window, so that it can lead back. */
export function openPage(url: string): void {
  window.location.assign(url);
}
