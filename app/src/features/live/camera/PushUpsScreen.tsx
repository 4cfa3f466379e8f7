import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { canFollow } from './phoneCameras';
import { PushUps } from './PushUps';
import { usePhoneSet } from './usePhoneSet';

/** The camera's library is loaded with the first set: an app that was built without it has the other screens still. */
const PhoneStage = lazy(() => import('./PhoneStage'));

/** Push-ups before the camera of a phone. */
export function PushUpsScreen() {
  const { t, i18n } = useTranslation();
  const [isPossible] = useState(canFollow);
  const set = usePhoneSet(i18n.language);
  return (
    <PushUps
      state={set.state}
      isPossible={isPossible}
      stage={({ cameraId, isPaused }) => (
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
      )}
      speaker={set.speaker}
      onStart={() => void set.start()}
      onFinish={set.finish}
      onCamera={set.changeCamera}
      onAgain={set.again}
    />
  );
}
