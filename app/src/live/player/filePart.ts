import { File, Paths } from 'expo-file-system';

import type { PickedFile } from '@/design';

/** Put octets where an upload can take them from. */
export async function filePart(name: string, octets: Uint8Array<ArrayBuffer>): Promise<PickedFile['part']> {
  const file = new File(Paths.cache, name);
  if (file.exists) file.delete();
  file.create();
  file.write(octets);
  return { uri: file.uri, name, type: 'application/octet-stream' };
}
