import { File, Paths } from 'expo-file-system';
import { shareAsync } from 'expo-sharing';

import { serverAddress, sessionHeaders } from '@/api/session';

/** Fetches the file and hands it to the system's share sheet. */
export async function downloadOriginal(id: string, fileName: string): Promise<void> {
  const safeName = fileName.replace(/[^\w.-]+/g, '_');
  const file = await File.downloadFileAsync(
    `${serverAddress()}/api/v1/activities/${id}/original`,
    new File(Paths.cache, safeName),
    { headers: sessionHeaders(), idempotent: true },
  );
  await shareAsync(file.uri);
}
