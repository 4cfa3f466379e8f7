import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { CameraSet, SetPlace } from './cameraSet';
import { canFollow } from './phoneCameras';
import { usePhoneSet } from './usePhoneSet';

/** The camera's library is loaded with the first set: an app that was built without it has the other screens still. */
const PhoneStage = lazy(() => import('./PhoneStage'));

/** A set before the camera of a phone. */
export function useCameraSet(language: string, place: SetPlace): CameraSet {
  const { t } = useTranslation();
  const [isPossible] = useState(canFollow);
  const set = usePhoneSet(language, place);
  return {
    state: set.state,
    isPossible,
    stage: ({ cameraId, isPaused }) => (
      <Suspense fallback={null}>
        <PhoneStage
          camera={cameraId === 'back' ? 'back' : 'front'}
          isActive={!isPaused}
          seen={set.seen}
          label={t('livePushUps.picture')}
          onPicture={set.look}
          onPassedOver={set.passOver}
          onUnread={set.unread}
          onError={set.fail}
        />
      </Suspense>
    ),
    speaker: set.speaker,
    onStart: () => void set.start(),
    onFinish: set.finish,
    onCamera: set.changeCamera,
    onAgain: set.again,
  };
}
