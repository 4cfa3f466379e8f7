/** What is drawn of a body: arms, trunk, legs, by the numbers of the keypoints at both ends. */
export const BONES = [
  [11, 12],
  [11, 13],
  [13, 15],
  [12, 14],
  [14, 16],
  [11, 23],
  [12, 24],
  [23, 24],
  [23, 25],
  [25, 27],
  [24, 26],
  [26, 28],
] as const;

/** A bone is drawn where both ends are seen at least so surely. */
export const MIN_SCORE = 0.3;
/** Of the longer side of the picture. */
export const LINE_SHARE = 0.008;
