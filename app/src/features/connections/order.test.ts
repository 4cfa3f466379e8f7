import { moved, recordingRankings, valueRankings } from './order';

describe('moved', () => {
  const order = ['watch', 'strap', 'bike'];

  it('moves an entry by one place', () => {
    expect(moved(order, 'strap', -1)).toEqual(['strap', 'watch', 'bike']);
    expect(moved(order, 'strap', 1)).toEqual(['watch', 'bike', 'strap']);
  });

  it('leaves the ends and unknown entries alone', () => {
    expect(moved(order, 'watch', -1)).toEqual(order);
    expect(moved(order, 'bike', 1)).toEqual(order);
    expect(moved(order, 'phone', -1)).toEqual(order);
  });
});

describe('recordingRankings', () => {
  const devices = {
    heart_rate: [
      { device: 'pulse Watch', activities: 9 },
      { device: 'acme Edge', activities: 4 },
    ],
    power: [{ device: 'acme Edge', activities: 4 }],
  };

  it('shows what several devices tell, the most used first', () => {
    expect(recordingRankings({ preferences: {}, devices })).toEqual([
      {
        of: 'heart_rate',
        isOwn: false,
        sources: [
          { id: 'pulse Watch', count: 9 },
          { id: 'acme Edge', count: 4 },
        ],
      },
    ]);
  });

  it('puts preferred devices first, also those that recorded nothing yet', () => {
    const preferences = { heart_rate: ['acme Edge'], power: ['old meter'] };
    const rankings = recordingRankings({ preferences, devices });
    expect(rankings.map((one) => one.sources.map(({ id }) => id))).toEqual([
      ['acme Edge', 'pulse Watch'],
      ['old meter', 'acme Edge'],
    ]);
    expect(rankings.every((one) => one.isOwn)).toBe(true);
    expect(rankings[1]?.sources[0]?.count).toBe(0);
  });
});

describe('valueRankings', () => {
  it('leaves out what one source tells alone', () => {
    const source = (name: string, days: number) => ({ source: name, days, last_date: '2026-05-04' });
    const rankings = valueRankings([
      { metric: 'sleep_s', sources: [source('oura', 40), source('garmin', 7)], is_own: false },
      { metric: 'steps', sources: [source('garmin', 7)], is_own: false },
    ]);
    expect(rankings).toEqual([
      {
        of: 'sleep_s',
        isOwn: false,
        sources: [
          { id: 'oura', count: 40 },
          { id: 'garmin', count: 7 },
        ],
      },
    ]);
  });
});
