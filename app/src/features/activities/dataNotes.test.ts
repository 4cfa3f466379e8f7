import type { LegDetail } from '@/api/types';

import { dataFaults } from './dataNotes';

const leg = (corrections: unknown) => ({ cleaning: { version: 2, corrections } }) as unknown as LegDetail;

test('what was taken out and what was noted, in the order of the recording', () => {
  const found = dataFaults(
    leg([
      { code: 'position_drop_out', action: 'reported', samples: 40, window_s: [900, 940] },
      { code: 'core_temperature_impossible', action: 'removed', samples: 3, window_s: [60, 75] },
    ]),
  );
  expect(found).toEqual([
    { channel: 'core_temperature', kind: 'impossible', left: 3, from_s: 60, to_s: 75 },
    { channel: 'position', kind: 'drop_out', left: null, from_s: 900, to_s: 940 },
  ]);
});

test('codes that are not known here, and legs that were never cleaned, say nothing', () => {
  expect(dataFaults(leg([{ code: 'hr_haunted', action: 'removed', samples: 1, window_s: [0, 1] }]))).toEqual(
    [],
  );
  expect(dataFaults({} as LegDetail)).toEqual([]);
});
