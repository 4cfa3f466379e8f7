import { useCallback, useEffect, useMemo, useState } from 'react';
import { Platform, StyleSheet, useWindowDimensions, View } from 'react-native';
import { Camera, CommonResolutions, type Frame, useFrameOutput } from 'react-native-vision-camera';
import { useResizer } from 'react-native-vision-camera-resizer';
import { createSynchronizable, scheduleOnRN } from 'react-native-worklets';

import { useTheme } from '@/design';
import { radius } from '@/design/tokens';
import type { Seen } from '@/live/pose/messages';
import { type Square, SQUARE_PX } from '@/live/pose/phonePictures';

import type { PhoneCameraId } from './phoneCameras';
import { Skeleton } from './Skeleton';

type PhoneStageProps = {
  camera: PhoneCameraId;
  isActive: boolean;
  seen: Seen | null;
  label: string;
  /** A picture and when it was taken; the next one comes when it is understood. */
  onPicture: (square: Square, takenS: number) => Promise<void>;
  /** A picture came while another was looked at. */
  onPassedOver: (takenS: number) => void;
  /** A picture could not be scaled or read. */
  onUnread: (reason: string, takenS: number) => void;
  onError: (problem: 'busy' | 'models', reason: unknown) => void;
};

type Listeners = Pick<PhoneStageProps, 'onPicture' | 'onPassedOver' | 'onUnread' | 'onError'>;

const SHARE_OF_HEIGHT = 0.55;
/** Apple's system tells the time of a picture in seconds, Android in billionths. */
const TIME_UNITS_PER_S = Platform.OS === 'ios' ? 1 : 1e9;

/** The camera's picture on a phone, with the skeleton over it. */
export default function PhoneStage({ camera, isActive, seen, label, ...on }: PhoneStageProps) {
  const { color } = useTheme();
  const { height } = useWindowDimensions();
  const { onError } = on;
  const output = usePictures(on);
  const outputs = useMemo(() => [output], [output]);
  const onCameraError = useCallback((reason: unknown) => onError('busy', reason), [onError]);
  return (
    <View
      accessible
      accessibilityRole="image"
      accessibilityLabel={label}
      style={{
        height: height * SHARE_OF_HEIGHT,
        overflow: 'hidden',
        borderRadius: radius.m,
        backgroundColor: color.surfaceSunken,
        // The front camera is shown as a mirror: the picture and the skeleton together, the model sees it as it is.
        transform: camera === 'front' ? [{ scaleX: -1 }] : [],
      }}
    >
      <Camera
        device={camera}
        isActive={isActive}
        outputs={outputs}
        mirrorMode="off"
        orientationSource="device"
        resizeMode="contain"
        implementationMode="compatible"
        onError={onCameraError}
        style={StyleSheet.absoluteFill}
      />
      {seen === null ? null : <Skeleton seen={seen} color={color.accent} />}
    </View>
  );
}

/**
 * Pictures of the camera, scaled by the graphics processor and given to the app one at a time: what comes while one is
 * being understood is passed over. Nothing of a picture is kept.
 */
function usePictures({ onPicture, onPassedOver, onUnread, onError }: Listeners) {
  const { resizer, error } = useResizer({
    width: SQUARE_PX,
    height: SQUARE_PX,
    channelOrder: 'rgb',
    dataType: 'uint8',
    pixelLayout: 'interleaved',
    scaleMode: 'contain',
  });
  useEffect(() => {
    if (error !== undefined) onError('models', error);
  }, [error, onError]);
  const [isBusy] = useState(() => createSynchronizable(false));
  const take = useCallback(
    (rgb: ArrayBuffer, widthPx: number, heightPx: number, takenS: number) => {
      void onPicture({ rgb, size: { widthPx, heightPx } }, takenS).finally(() => isBusy.setBlocking(false));
    },
    [isBusy, onPicture],
  );
  const onFrame = useCallback(
    (frame: Frame) => {
      'worklet';
      const takenS = frame.timestamp / TIME_UNITS_PER_S;
      if (resizer === undefined || isBusy.getBlocking()) {
        frame.dispose();
        scheduleOnRN(onPassedOver, takenS);
        return;
      }
      isBusy.setBlocking(true);
      try {
        const square = resizer.resize(frame);
        // The memory of the graphics processor is given back before the picture is looked at.
        const rgb = square.getPixelBuffer().slice(0);
        square.dispose();
        const isLying = frame.orientation === 'left' || frame.orientation === 'right';
        const [widthPx, heightPx] = isLying ? [frame.height, frame.width] : [frame.width, frame.height];
        scheduleOnRN(take, rgb, widthPx, heightPx, takenS);
      } catch (reason) {
        isBusy.setBlocking(false);
        scheduleOnRN(onUnread, String(reason), takenS);
      } finally {
        frame.dispose();
      }
    },
    [isBusy, onPassedOver, onUnread, resizer, take],
  );
  return useFrameOutput({
    targetResolution: CommonResolutions.VGA_4_3,
    pixelFormat: 'yuv',
    onFrame,
    onFrameDropped: ignore,
  });
}

/** When it was taken is not told; the time between the pictures before and after it is. */
const ignore = (): void => undefined;
