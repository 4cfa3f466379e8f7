import { eachOnce } from './communityQueries';
import { fieldsOf, offeredFields, parts } from './postFields';

test('what is off by default is what tells of body, place, time and effort', () => {
  expect(
    fieldsOf('activity')
      .filter((field) => field.isDefault)
      .map((field) => field.name),
  ).toEqual(['distance', 'time', 'ascent']);
  expect(fieldsOf('activity').find((field) => field.name === 'route')).toEqual({
    name: 'route',
    isDefault: false,
  });
  expect(fieldsOf('form_check').map((field) => field.name)).toEqual([
    'count',
    'verdict',
    'time',
    'weight',
    'video_frame',
  ]);
  for (const milestone of ['phase', 'race', 'plan'] as const) {
    const off = fieldsOf(milestone).filter((field) => !field.isDefault);
    expect(off.map((field) => field.name)).toEqual(milestone === 'race' ? ['time'] : ['sessions', 'time']);
  }
});

test('a route, a weight and a picture are offered where there are any, and to adults', () => {
  const whole = {
    birthDate: '2008-11-24',
    today: '2026-11-24',
    hasRoute: true,
    hasWeight: true,
    hasPicture: true,
  };
  const names = (
    part: Partial<typeof whole> | { birthDate: null },
    subject: 'activity' | 'form_check' = 'activity',
  ) =>
    offeredFields(subject, { ...whole, ...part }).flatMap(({ name }) =>
      ['route', 'weight', 'video_frame'].includes(name) ? [name] : [],
    );
  expect(names({})).toEqual(['route', 'weight']);
  expect(names({ today: '2026-11-23' })).toEqual([]);
  expect(names({ birthDate: null })).toEqual(['route', 'weight']);
  expect(names({ hasRoute: false })).toEqual(['weight']);
  expect(names({ hasWeight: false })).toEqual(['route']);
  expect(names({}, 'form_check')).toEqual(['weight', 'video_frame']);
  expect(names({ today: '2026-11-23' }, 'form_check')).toEqual([]);
  expect(
    offeredFields('form_check', { ...whole, hasWeight: false, hasPicture: false }).map(({ name }) => name),
  ).toEqual(['count', 'verdict', 'time']);
});

test('a text is cut where it mentions people whom the reader may see', () => {
  expect(parts('With @Ada_runs, not @bob or a@mail.org', ['ada_runs'])).toEqual([
    { text: 'With ', handle: null },
    { text: '@Ada_runs', handle: 'ada_runs' },
    { text: ', not @bob or a@mail.org', handle: null },
  ]);
  expect(parts('', [])).toEqual([]);
});

test('a post that moved while paging is shown once, where it came first', () => {
  expect(eachOnce([{ items: [{ id: 'a' }, { id: 'b' }] }, { items: [{ id: 'a' }, { id: 'c' }] }])).toEqual([
    { id: 'a' },
    { id: 'b' },
    { id: 'c' },
  ]);
});
