import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { BrowserStage } from './BrowserStage';
import { canFollow } from './cameras';
import { PushUps } from './PushUps';
import type { Stage } from './stageTypes';
import { useLiveSet } from './useLiveSet';

/** Push-ups before the camera, in a browser. */
export function PushUpsScreen() {
  const { t, i18n } = useTranslation();
  const stageRef = useRef<Stage>(null);
  const [isPossible] = useState(canFollow);
  const set = useLiveSet(stageRef, i18n.language);
  return (
    <PushUps
      state={set.state}
      isPossible={isPossible}
      stage={({ mirrored }) => (
        <BrowserStage ref={stageRef} mirrored={mirrored} label={t('livePushUps.picture')} />
      )}
      speaker={set.speaker}
      onStart={() => void set.start()}
      onFinish={set.finish}
      onCamera={(id) => void set.changeCamera(id)}
      onAgain={set.again}
    />
  );
}
