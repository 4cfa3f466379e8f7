/** The pose on a phone: the models are parts of the app, pictures go in, keypoints come out, one at a time. */
import { Asset } from 'expo-asset';

import type { Candidate } from '@/live/models/keeping';
import { addressOfModel } from '@/live/models/phoneShelf';

import detector from '../../../assets/live/pose_detector.tflite';
import landmarks from '../../../assets/live/pose_landmark_full.tflite';
import form from '../../../assets/live/push_up_form.tflite';
import { DETECTOR, LANDMARKS } from './graph';
import { Looker } from './looker';
import { chosenStepGraph } from './stepGraph';
import { loadGraph, loadStepGraph } from './tflite';

/** `formModel` is the version that runs, null the shipped one; `failed` are digests of those that could not. */
export type PhonePose = { looker: Looker; formModel: number | null; failed: string[] };

/** Load the models; newer form models of the shelf are tried before the one that ships with the app. */
export async function openPhonePose(formModels: readonly Candidate[]): Promise<PhonePose> {
  const [found, followed, step] = await Promise.all([detector, landmarks, form].map(addressOf));
  const chosen = await chosenStepGraph(
    formModels,
    () => loadStepGraph(step!),
    ({ sha256 }) => loadStepGraph(addressOfModel(sha256)),
  );
  const looker = new Looker({
    detector: await loadGraph(found!, DETECTOR.inputPx, DETECTOR.outputSizes),
    landmarks: await loadGraph(followed!, LANDMARKS.inputPx, LANDMARKS.outputSizes),
    step: chosen.graph,
  });
  return { looker, formModel: chosen.number, failed: chosen.failed };
}

/** A file of the app; in Android's packages parts have no address of their own until they are laid out as files. */
async function addressOf(part: number): Promise<string> {
  const { localUri, name } = await Asset.fromModule(part).downloadAsync();
  if (localUri === null) throw new Error(`The model ${name} is not in the app`);
  return localUri;
}
