import { File, Paths } from 'expo-file-system';
import { shareAsync } from 'expo-sharing';

import { freshSession, serverAddress, sessionHeaders } from '@/api/session';

/** Fetches a file and hands it to the system's share sheet. */
export async function download(path: string, fileName: string): Promise<void> {
  await freshSession();
  const safeName = fileName.replace(/[^\w.-]+/g, '_');
  const file = await File.downloadFileAsync(`${serverAddress()}${path}`, new File(Paths.cache, safeName), {
    headers: sessionHeaders(),
    idempotent: true,
  });
  await shareAsync(file.uri);
}
