import type { IconName } from '../icons';

/** A file chosen by the person, ready to be sent as a form part on this platform. */
export type PickedFile = {
  name: string;
  size: number | null;
  part: Blob | { uri: string; name: string; type: string };
};

export type DropZoneProps = {
  icon: IconName;
  title: string;
  hint: string;
  buttonLabel: string;
  /** File endings with their dot. */
  accept: readonly string[];
  multiple?: boolean;
  compact?: boolean;
  onFiles: (files: PickedFile[]) => void;
};
