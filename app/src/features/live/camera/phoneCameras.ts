/** The cameras of a phone, and what keeps one from being used. */
import { TurboModuleRegistry } from 'react-native';

import type { Camera } from './cameras';

export type PhoneProblem = 'refused' | 'none' | 'busy' | 'unsupported';
export type PhoneCameraId = 'front' | 'back';

const BOTH = ['front', 'back'] as const;

/** Whether the app was built with the camera's library; more is known once it is started. */
export const canFollow = (): boolean => TurboModuleRegistry.get('NitroModules') !== null;

/** The cameras that may be used now, the front one first; or why there is none. Asks the athlete. */
export async function openCameras(): Promise<Camera[] | PhoneProblem> {
  const [{ VisionCamera }, { isResizerAvailable }] = await Promise.all([
    import('react-native-vision-camera'),
    import('react-native-vision-camera-resizer'),
  ]);
  // Android before 9, or a graphics processor without Vulkan.
  if (!isResizerAvailable()) return 'unsupported';
  const { cameraDevices } = await VisionCamera.createDeviceFactory();
  const ids = BOTH.filter((id) => cameraDevices.some(({ position }) => position === id));
  if (ids.length === 0) return 'none';
  const isAllowed =
    VisionCamera.cameraPermissionStatus === 'authorized' || (await VisionCamera.requestCameraPermission());
  return isAllowed ? ids.map((id) => ({ id, label: '' })) : 'refused';
}
