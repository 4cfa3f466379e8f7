import { useTranslation } from 'react-i18next';

import { PushUps } from './PushUps';
import { useCameraSet } from './useCameraSet';

const HERE = { place: 'push_ups' };

/** Push-ups before the camera of this device. */
export function PushUpsScreen() {
  const { i18n } = useTranslation();
  return <PushUps {...useCameraSet(i18n.language, HERE)} />;
}
