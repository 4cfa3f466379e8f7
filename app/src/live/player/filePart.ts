import { File, Paths } from 'expo-file-system';

import type { PickedFile } from '@/design';

const OCTETS = 'application/octet-stream';

/** Put octets where an upload can take them from. */
export async function filePart(name: string, octets: Uint8Array<ArrayBuffer>): Promise<PickedFile['part']> {
  const file = newFile(name);
  file.write(octets);
  return { uri: file.uri, name, type: OCTETS };
}

/** Put what is written, piece after piece, where an upload can take it from. */
export async function writtenPart(
  name: string,
  fill: (write: (octets: Uint8Array<ArrayBuffer>) => void) => Promise<void>,
): Promise<Pick<PickedFile, 'part'> & { size: number }> {
  const file = newFile(name);
  const handle = file.open();
  let size = 0;
  try {
    await fill((octets) => {
      handle.writeBytes(octets);
      size += octets.length;
    });
  } finally {
    handle.close();
  }
  return { part: { uri: file.uri, name, type: OCTETS }, size };
}

function newFile(name: string): File {
  const file = new File(Paths.cache, name);
  if (file.exists) file.delete();
  file.create();
  return file;
}
