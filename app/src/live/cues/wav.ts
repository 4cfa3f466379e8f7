/** A tone as a file; pure. */

const SAMPLES_PER_S = 22_050;
const BYTES = 2;
const HEADER_BYTES = 44;
const MOST = 0x7fff;
/** It begins and ends softly, for a tone that is cut off clicks. */
const SOFT_S = 0.005;

/** A sine as a WAV file (RIFF, PCM, 16 bits, one channel). */
export function wav(hz: number, lengthS: number, gain: number): Uint8Array<ArrayBuffer> {
  const count = Math.round(lengthS * SAMPLES_PER_S);
  const file = new DataView(new ArrayBuffer(HEADER_BYTES + count * BYTES));
  const letters = (at: number, text: string) =>
    [...text].forEach((letter, place) => file.setUint8(at + place, letter.charCodeAt(0)));
  letters(0, 'RIFF');
  file.setUint32(4, file.byteLength - 8, true);
  letters(8, 'WAVEfmt ');
  file.setUint32(16, 16, true);
  file.setUint16(20, 1, true); // PCM
  file.setUint16(22, 1, true); // one channel
  file.setUint32(24, SAMPLES_PER_S, true);
  file.setUint32(28, SAMPLES_PER_S * BYTES, true);
  file.setUint16(32, BYTES, true);
  file.setUint16(34, 8 * BYTES, true);
  letters(36, 'data');
  file.setUint32(40, count * BYTES, true);
  for (let place = 0; place < count; place += 1) {
    const edgeS = Math.min(place, count - 1 - place) / SAMPLES_PER_S;
    const loudness = gain * Math.min(1, edgeS / SOFT_S);
    const value = Math.sin((2 * Math.PI * hz * place) / SAMPLES_PER_S);
    file.setInt16(HEADER_BYTES + place * BYTES, Math.round(MOST * loudness * value), true);
  }
  return new Uint8Array(file.buffer);
}
