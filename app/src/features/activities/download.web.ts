import { serverAddress } from '@/api/session';

/** Lets the browser save a file; its session cookie goes along. */
export async function download(path: string, fileName: string): Promise<void> {
  const link = document.createElement('a');
  link.href = `${serverAddress()}${path}`;
  link.download = fileName;
  document.body.append(link);
  link.click();
  link.remove();
}
