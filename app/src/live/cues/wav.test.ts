import { wav } from './wav';

const SAMPLES_PER_S = 22_050;

test('a tone is a WAV file of its pitch, length and loudness', () => {
  const octets = wav(880, 0.1, 0.5);
  const file = new DataView(octets.buffer);
  const text = (at: number) => String.fromCharCode(...octets.slice(at, at + 4));
  expect([text(0), text(8), text(12), text(36)]).toEqual(['RIFF', 'WAVE', 'fmt ', 'data']);
  expect(file.getUint32(4, true)).toBe(octets.length - 8);
  expect(file.getUint32(40, true)).toBe(octets.length - 44);
  expect(octets.length - 44).toBe(2 * 0.1 * SAMPLES_PER_S);
  const samples = Array.from({ length: (octets.length - 44) / 2 }, (_, i) => file.getInt16(44 + 2 * i, true));
  // 880 turns a second are 88 in a tenth: it goes up through nothing so often.
  const rises = samples.filter((value, i) => value > 0 && (samples[i - 1] ?? 0) <= 0).length;
  expect(rises).toBe(88);
  expect(Math.max(...samples)).toBeGreaterThan(0.49 * 0x7fff);
  expect(Math.max(...samples)).toBeLessThanOrEqual(0.5 * 0x7fff);
  // Soft at both ends.
  expect([samples[0], samples.at(-1)]).toEqual([0, expect.closeTo(0, -1)]);
});
