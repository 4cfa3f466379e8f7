import type { PickedFile } from '@/design';

const OCTETS = 'application/octet-stream';

/** Put octets where an upload can take them from. */
export async function filePart(_name: string, octets: Uint8Array<ArrayBuffer>): Promise<PickedFile['part']> {
  return new Blob([octets], { type: OCTETS });
}

/** Put what is written, piece after piece, where an upload can take it from: the browser's memory, not the page's. */
export async function writtenPart(
  _name: string,
  fill: (write: (octets: Uint8Array<ArrayBuffer>) => void) => Promise<void>,
): Promise<Pick<PickedFile, 'part'> & { size: number }> {
  const parts: Blob[] = [];
  await fill((octets) => void parts.push(new Blob([octets])));
  const part = new Blob(parts, { type: OCTETS });
  return { part, size: part.size };
}
