import {
  clock,
  decimal,
  distance,
  elevation,
  mass,
  massToKg,
  paceToSpeed,
  raceDistance,
  speed,
  temperature,
  typedNumber,
} from './units';

describe('clock', () => {
  test.each([
    [0, '0:00'],
    [59.6, '1:00'],
    [245, '4:05'],
    [3723, '1:02:03'],
    [-65, '-1:05'],
  ])('%p s reads %p', (seconds, shown) => {
    expect(clock(seconds)).toBe(shown);
  });
});

test('nothing is shown as minus zero', () => {
  expect(decimal(-0.4, 0, 'en')).toBe('0');
  expect(decimal(-0.6, 0, 'en')).toBe('-1');
});

test('numbers follow the language', () => {
  expect(decimal(1234.5, 1, 'de')).toBe('1.234,5');
  expect(decimal(1234.5, 1, 'en')).toBe('1,234.5');
});

describe('distances', () => {
  test('a marathon in both systems', () => {
    expect(distance(42_195, 'metric', 'en', 'running')).toEqual({ value: '42.20', unit: 'km' });
    // 42.195 km are 26 miles and 385 yards: 26 + 385 / 1760.
    expect(distance(42_195, 'imperial', 'en', 'running')).toEqual({ value: '26.22', unit: 'mi' });
  });
  test('pools are measured in metres or yards', () => {
    expect(distance(1500, 'metric', 'en', 'swimming')).toEqual({ value: '1,500', unit: 'm' });
    // 1650 yards, "the mile" of American pools, are 1508.76 m.
    expect(distance(1508.76, 'imperial', 'en', 'swimming')).toEqual({ value: '1,650', unit: 'yd' });
  });
  test('races are named by their round distance', () => {
    expect(raceDistance(10_000, 'metric', 'en').value).toBe('10');
    expect(raceDistance(21_097.5, 'metric', 'en').value).toBe('21.1');
  });
});

describe('pace and speed', () => {
  test('runners read pace, cyclists speed', () => {
    expect(speed(1000 / 270, 'running', 'metric', 'en')).toEqual({ value: '4:30', unit: 'min_km' });
    expect(speed(1609.344 / 480, 'running', 'imperial', 'en')).toEqual({ value: '8:00', unit: 'min_mi' });
    expect(speed(10, 'cycling', 'metric', 'en')).toEqual({ value: '36.0', unit: 'km_h' });
    // 26.8224 m/s are 60 miles an hour.
    expect(speed(26.8224, 'cycling', 'imperial', 'en')).toEqual({ value: '60.0', unit: 'mph' });
    expect(speed(1, 'swimming', 'metric', 'en')).toEqual({ value: '1:40', unit: 'min_100m' });
    expect(speed(500 / 120, 'rowing', 'metric', 'en')).toEqual({ value: '2:00', unit: 'min_500m' });
  });
  test('standing still has no pace', () => {
    expect(speed(0, 'running', 'metric', 'en')).toBeNull();
    expect(speed(0, 'cycling', 'metric', 'en')).toEqual({ value: '0.0', unit: 'km_h' });
  });
  test.each(['4:30', ' 4:30 ', '12'])('%p is a pace', (typed) => {
    expect(paceToSpeed(typed, 'running', 'metric')).toBeGreaterThan(0);
  });
  test.each(['', 'fast', '4:75', '0', '4:30:10'])('%p is not a pace', (typed) => {
    expect(paceToSpeed(typed, 'running', 'metric')).toBeNull();
  });
  test('what is typed comes back as it was shown', () => {
    const typed = paceToSpeed('1:45', 'swimming', 'imperial') ?? 0;
    expect(speed(typed, 'swimming', 'imperial', 'en')?.value).toBe('1:45');
  });
});

test('other quantities', () => {
  expect(elevation(100, 'imperial', 'en')).toEqual({ value: '328', unit: 'ft' });
  expect(temperature(-40, 'imperial', 'en')).toEqual({ value: '-40', unit: 'fahrenheit' });
  expect(temperature(20, 'imperial', 'en').value).toBe('68');
  expect(mass(massToKg(150, 'imperial'), 'imperial', 'en').value).toBe('150.0');
});

test('numbers are typed with a comma or a point', () => {
  expect(typedNumber('61,5')).toBe(61.5);
  expect(typedNumber('61.5')).toBe(61.5);
  expect(typedNumber('')).toBeNull();
  expect(typedNumber('6x')).toBeNull();
});
