/** What tells two builds of the app apart: the names of the page's own scripts hold digests of their content. A part of the
 * app that is being fetched stands beside them for a moment, and says nothing of the build. */
export function buildName(): string {
  return [...document.scripts]
    .filter((script) => script.defer)
    .map((script) => new URL(script.src, location.href).pathname)
    .join(' ');
}
