import type { PickedFile } from '@/design';

/** Put octets where an upload can take them from. */
export async function filePart(_name: string, octets: Uint8Array<ArrayBuffer>): Promise<PickedFile['part']> {
  return new Blob([octets], { type: 'application/octet-stream' });
}
