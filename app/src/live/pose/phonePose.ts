/** The pose on a phone: the models are parts of the app, pictures go in, keypoints come out, one at a time. */
import { Asset } from 'expo-asset';

import detector from '../../../assets/live/pose_detector.tflite';
import landmarks from '../../../assets/live/pose_landmark_full.tflite';
import form from '../../../assets/live/push_up_form.tflite';
import { DETECTOR, LANDMARKS } from './graph';
import { Looker } from './looker';
import { loadGraph, loadStepGraph } from './tflite';

export async function openPhonePose(): Promise<Looker> {
  const [found, followed, step] = await Promise.all([detector, landmarks, form].map(addressOf));
  return new Looker({
    detector: await loadGraph(found!, DETECTOR.inputPx, DETECTOR.outputSizes),
    landmarks: await loadGraph(followed!, LANDMARKS.inputPx, LANDMARKS.outputSizes),
    step: await loadStepGraph(step!),
  });
}

/** A file of the app; in Android's packages parts have no address of their own until they are laid out as files. */
async function addressOf(part: number): Promise<string> {
  const { localUri, name } = await Asset.fromModule(part).downloadAsync();
  if (localUri === null) throw new Error(`The model ${name} is not in the app`);
  return localUri;
}
