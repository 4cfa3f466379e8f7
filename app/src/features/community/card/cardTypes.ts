import type { Ref } from 'react';

import type { CardContent, CardFormat } from './cardLayout';

export type Shared = 'shared' | 'saved' | 'cancelled';

export type CardPictureHandle = {
  /** Hands the picture to the system's share sheet where there is one, and saves it otherwise. */
  share: (fileName: string) => Promise<Shared>;
};

export type CardPictureProps = {
  card: CardContent;
  format: CardFormat;
  ref: Ref<CardPictureHandle>;
};
