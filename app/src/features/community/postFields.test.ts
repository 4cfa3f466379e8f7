import { eachOnce } from './communityQueries';
import { fieldsOf, parts } from './postFields';

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
  expect(fieldsOf('form_check').map((field) => field.name)).toEqual(['count', 'verdict', 'time']);
  for (const milestone of ['phase', 'race', 'plan'] as const) {
    const off = fieldsOf(milestone).filter((field) => !field.isDefault);
    expect(off.map((field) => field.name)).toEqual(milestone === 'race' ? ['time'] : ['sessions', 'time']);
  }
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
