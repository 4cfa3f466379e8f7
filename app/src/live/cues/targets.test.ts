import { newTarget, sideNow, startStep, targetStep, type TargetKind } from './targets';
import { newCues, say } from './policy';
import rules from './policy.json';

function codes(
  valueAt: (tS: number) => number | null,
  untilS: number,
  target: [number, number] | null = [140, 150],
  kind: TargetKind = 'hr',
  show?: (value: number) => string,
) {
  let state = startStep(newTarget(kind), target, 0);
  const said: { tS: number; code: string; params?: Record<string, string | number> }[] = [];
  for (let tS = 0; tS <= untilS; tS++) {
    const [after, wishes] = targetStep(state, valueAt(tS), tS, show);
    state = after;
    said.push(
      ...wishes.map(({ code, params }) => ({ tS, code, ...(params === undefined ? {} : { params }) })),
    );
  }
  return said;
}

test('too high is said with both numbers, after the grace of the step, and again after a while', () => {
  const said = codes(() => 162, 100);
  expect(said[0]).toEqual({
    tS: rules.hr.grace_s + rules.hr.persists_s,
    code: 'hr.ease_off',
    params: { hr_bpm: 162, target_bpm: 150 },
  });
  expect((said[1]?.tS ?? 0) - (said[0]?.tS ?? 0)).toBe(rules.hr.repeat_s);
});

test('too low and back on target', () => {
  const said = codes((tS) => (tS < 60 ? 120 : 145), 120);
  expect(said.map((one) => one.code)).toEqual(['hr.push_on', 'hr.on_target']);
  expect(said[0]?.params).toEqual({ hr_bpm: 120, target_bpm: 140 });
});

test('a beat around the limit says nothing, nor does a step without a target', () => {
  expect(codes((tS) => (tS % 10 < 5 ? 149 : 151), 200)).toEqual([]);
  expect(codes(() => 190, 200, null)).toEqual([]);
});

test('a strap that falls silent is told once, and once when it is back; nothing is judged in between', () => {
  const said = codes((tS) => (tS > 40 && tS < 90 ? null : 145), 130);
  expect(said).toEqual([
    { tS: 40 + rules.hr.lost_after_s + 1, code: 'hr.strap_lost' },
    { tS: 90, code: 'hr.strap_back' },
  ]);
});

test('too little power, a pace that is too fast, and legs that turn too slowly', () => {
  const watts = codes(() => 180, 60, [230, 250], 'power');
  expect(watts[0]).toEqual({
    tS: rules.targets.power.grace_s + rules.targets.power.persists_s,
    code: 'power.push_on',
    params: { value: 180, target: 230 },
  });
  const pace = (speedMS: number) => `${Math.floor(1000 / speedMS / 60)}:${Math.round((1000 / speedMS) % 60)}`;
  // 4.0 m/s = 4:10 a kilometre; the fastest that is asked for is 3.7 m/s = 4:30.
  const run = codes(() => 4, 60, [3.3, 3.7], 'pace', pace);
  expect([run[0]?.code, run[0]?.params]).toEqual(['pace.ease_off', { value: '4:10', target: '4:30' }]);
  expect(codes(() => 70, 60, [85, 95], 'cadence')[0]?.code).toBe('cadence.push_on');
  const [, said] = say(
    newCues('en'),
    [{ kind: 'power', code: 'power.push_on', params: { value: 180, target: 230 } }],
    0,
  );
  expect(said?.text).toBe('More power, 180, target 230');
});

test('power that swings about a limit by three in a hundred says nothing', () => {
  expect(codes((tS) => (tS % 20 < 10 ? 245 : 256), 300, [230, 250], 'power')).toEqual([]);
});

test('a sensor that was never there is not missed, one that goes is told once', () => {
  expect(codes(() => null, 300, [230, 250], 'power')).toEqual([]);
  const said = codes((tS) => (tS < 30 ? 240 : null), 100, [230, 250], 'power');
  expect(said.map((one) => one.code)).toEqual(['power.lost']);
});

test('the colour is that of the moment', () => {
  expect([229, 230, 250, 251].map((watts) => sideNow(watts, [230, 250]))).toEqual([
    'below',
    'within',
    'within',
    'above',
  ]);
});
