/** The pieces of a set as files of a phone. */
import { life, newPhone } from '../phoneFiles';
import { newBlock, packed } from './piece';

const { takePieces } = jest.requireActual<typeof import('./pieces')>('./pieces.ts');

jest.mock('expo-file-system', () => jest.requireActual<object>('../phoneFiles'));

jest.mock('./pieces', () => jest.requireActual<object>('./pieces.ts'));

const piece = (owner: string) =>
  packed({
    block: newBlock(),
    pictures: 2,
    owner: { owner, place: 'push_ups', formModel: null },
    notes: { reps: [], open: null, droppedS: [] },
  });

beforeEach(newPhone);

test('one set at a time has the pieces, and a crash in the middle of one leaves the one before', async () => {
  const pieces = await takePieces();
  expect(await takePieces()).toBeNull();
  await pieces?.put(0, piece('lena'));
  for (let steps = 0; steps < 4; steps += 1) {
    life.steps = steps;
    await expect(pieces?.put(0, piece('otto'))).rejects.toThrow('killed');
    expect(await pieces?.get(0)).toEqual(piece('lena'));
  }
  life.steps = Infinity;
  expect(await pieces?.get(1)).toBeNull();
  await pieces?.clear();
  expect(await pieces?.get(0)).toBeNull();
  pieces?.release();
  (await takePieces())?.release();
});

test('a set that a crash left is told and forgotten for its athlete alone', async () => {
  const { isSetLeft, forgetLeftSet } = jest.requireActual<typeof import('./underWay')>('./underWay');
  const pieces = await takePieces();
  await pieces?.put(0, piece('lena'));
  expect(await isSetLeft('lena')).toBe(false);
  pieces?.release();
  expect([await isSetLeft('lena'), await isSetLeft('otto')]).toEqual([true, false]);
  await forgetLeftSet('otto');
  expect(await isSetLeft('lena')).toBe(true);
  await forgetLeftSet('lena');
  expect(await isSetLeft('lena')).toBe(false);
});
