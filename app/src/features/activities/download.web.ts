import { serverAddress } from '@/api/session';

/** Lets the browser save the file; its session cookie goes along. */
export async function downloadOriginal(id: string, fileName: string): Promise<void> {
  const link = document.createElement('a');
  link.href = `${serverAddress()}/api/v1/activities/${id}/original`;
  link.download = fileName;
  document.body.append(link);
  link.click();
  link.remove();
}
