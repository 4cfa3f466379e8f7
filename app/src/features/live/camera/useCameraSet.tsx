import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Voice } from '@/live/cues/voice';

import type { CameraSet } from './cameraSet';
import { canFollow } from './phoneCameras';
import { usePhoneSet } from './usePhoneSet';

/** The camera's library is loaded with the first set: an app that was built without it has the other screens still. */
const PhoneStage = lazy(() => import('./PhoneStage'));

/** A set before the camera of a phone; it speaks with the voice given, or one of its own. */
export function useCameraSet(language: string, given?: Voice): CameraSet {
  const { t } = useTranslation();
  const [isPossible] = useState(canFollow);
  const set = usePhoneSet(language, given);
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
