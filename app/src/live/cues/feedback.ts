/** How an athlete wants to be told beside the captions, which are always there: kept on this device for each athlete. */
import { stored } from '../queue';
import { store } from '../store';

export type Feedback = { voice: boolean; tones: boolean; haptics: boolean };
export type FeedbackKind = keyof Feedback;

export const ALL_FEEDBACK: Feedback = { voice: true, tones: true, haptics: true };

const keyOf = (owner: string) => `topform.live.feedback.${owner}`;

export const keptFeedback = async (owner: string): Promise<Feedback> => ({
  ...ALL_FEEDBACK,
  ...(await stored<Partial<Feedback>>(keyOf(owner))),
});

export const keepFeedback = (owner: string, feedback: Feedback): Promise<void> =>
  store.set(keyOf(owner), JSON.stringify(feedback));
