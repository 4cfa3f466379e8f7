import { useUploadLine } from './useSend';

/** Sends what waits on this device for as long as somebody is signed in; draws nothing. */
export function SendUploads() {
  useUploadLine();
  return null;
}
