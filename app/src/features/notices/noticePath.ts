/** Where a touch on a message leads: a page of the app, whatever else stands in it. */
export function noticePath(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !('url' in data)) return null;
  const { url } = data;
  return typeof url === 'string' && /^\/(?![/\\])[\w\-/]*$/.test(url) ? url : null;
}
