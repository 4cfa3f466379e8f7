import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { BrowserStage } from './BrowserStage';
import { canFollow } from './cameras';
import type { CameraSet, SetPlace } from './cameraSet';
import type { Stage } from './stageTypes';
import { useLiveSet } from './useLiveSet';

/** A set before the camera, in a browser. */
export function useCameraSet(language: string, place: SetPlace): CameraSet {
  const { t } = useTranslation();
  const stageRef = useRef<Stage>(null);
  const [isPossible] = useState(canFollow);
  const set = useLiveSet(stageRef, language, place);
  return {
    state: set.state,
    isPossible,
    stage: ({ mirrored }) => (
      <BrowserStage ref={stageRef} mirrored={mirrored} label={t('livePushUps.picture')} />
    ),
    speaker: set.speaker,
    onStart: () => void set.start(),
    onFinish: set.finish,
    onCamera: (id) => void set.changeCamera(id),
    onAgain: set.again,
  };
}
