/** In a browser the service worker opens the page. */
export function NoticeTaps() {
  return null;
}
