/** A set before a phone's camera whose pictures cannot always be read. */
import type { Looker } from '@/live/pose/looker';
import { BLIND_S, BlindError } from '@/live/pose/patience';
import { type Square, SQUARE_PX } from '@/live/pose/phonePictures';

import { Coach } from './coach';
import { PhoneSet } from './phoneSet';
import { liveProblemOf, reportProblem } from './problems';

const PICTURE: Square = {
  rgb: new Uint8Array(SQUARE_PX * SQUARE_PX * 3).buffer,
  size: { widthPx: 480, heightPx: 640 },
};
const BROKEN = new Error('the model cannot be run');

/** Models that see nobody, until they break. */
class FakeLooker implements Pick<Looker, 'look' | 'restart'> {
  isBroken = false;

  look: Looker['look'] = async (_, tS) => {
    if (this.isBroken) throw BROKEN;
    const nobody = { xy: null, score: null, worldM: null, form: null };
    return { kind: 'seen', tS, widthPx: 480, heightPx: 640, tookMs: 1, ...nobody };
  };

  restart = (): void => undefined;
}

function begun() {
  const looker = new FakeLooker();
  const lost: unknown[] = [];
  const set = new PhoneSet(new Coach('en'), looker, (error) => void lost.push(error));
  const look = (takenS: number, square = PICTURE) => set.look(square, takenS, () => undefined);
  return { looker, lost, set, look };
}

test('a picture that cannot be taken or read is passed over with its time, and the set goes on', async () => {
  const { looker, lost, set, look } = begun();
  await look(10);
  looker.isBroken = true;
  await look(11);
  set.passOver(11.125);
  set.unread('the picture is gone', 11.25);
  looker.isBroken = false;
  await look(11.5, { ...PICTURE, rgb: new ArrayBuffer(3) });
  await look(12);
  expect(lost).toEqual([]);
  expect(set.coach.finish()).toMatchObject({
    seen: { length: 2 },
    durationS: 2,
    droppedS: [1, 1.125, 1.25, 1.5],
  });
});

test('seconds without one that can be read end the set with the reason', async () => {
  const { looker, lost, set, look } = begun();
  await look(10);
  looker.isBroken = true;
  for (let s = 0; s < BLIND_S; s++) await look(11 + s);
  expect(lost).toEqual([]);
  await look(11 + BLIND_S);
  expect(lost).toEqual([expect.any(BlindError)]);
  expect(lost[0]).toMatchObject({ cause: BROKEN });
  set.end();
  await look(12 + BLIND_S);
  expect(lost).toHaveLength(1);
});

test('a pause while a picture is being understood is no part of the set, and no blindness', async () => {
  const { looker, lost, set, look } = begun();
  await look(10);
  looker.isBroken = true;
  await look(10.5);
  const late = look(11);
  set.pause();
  await late;
  set.restart();
  await look(100);
  looker.isBroken = false;
  await look(101);
  expect(lost).toEqual([]);
  expect(set.coach.finish().durationS).toBeCloseTo(2 + 1 / 30, 6);
});

test('a set that ended is told by what happened, and its reason goes to the console once', () => {
  const told = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const blind = new BlindError('No picture', { cause: BROKEN });
  expect(liveProblemOf(blind)).toBe('blind');
  expect(liveProblemOf(new DOMException('in use', 'NotReadableError'))).toBe('busy');
  expect(liveProblemOf(BROKEN)).toBe('models');
  reportProblem('blind', blind);
  reportProblem('refused', null);
  expect(told.mock.calls).toEqual([['The live set ended (blind):', blind]]);
  told.mockRestore();
});
