import { space, type } from '../tokens';

/** How wide letters of the header are, in shares of their size: a little more than most are, so that none is cut. */
const LETTER = 0.64;
const WIDE_LETTER = 1;
/** From here on scripts have letters as wide as they are high, and lines may end after each of them. */
const FIRST_WIDE = 0x2e80;

function wordWidth(word: string): number {
  const letters = [...word].map((letter) =>
    letter >= String.fromCodePoint(FIRST_WIDE) ? WIDE_LETTER : LETTER,
  );
  return letters.reduce((sum, width) => sum + width, 0) * type.micro.fontSize;
}

/** The least width of a column whose title stays whole: that of its longest word, since titles break between words. */
export function titleWidth(title: string): number {
  const isWide = (word: string) => [...word].some((letter) => letter >= String.fromCodePoint(FIRST_WIDE));
  const words = title.split(/[\s/–-]+/).flatMap((word) => (isWide(word) ? [...word] : [word]));
  return Math.ceil(Math.max(0, ...words.map(wordWidth)) + 2 * space.xs);
}
