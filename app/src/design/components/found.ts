/** Which options of a long list fit what was typed. Pure. */
import type { Option } from './selectTypes';

const plain = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();

/** Options that hold every typed word; those where a word begins with the text come first. */
export function found<Value extends string>(
  options: readonly Option<Value>[],
  typed: string,
): Option<Value>[] {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  const first = words[0];
  if (first === undefined) return [...options];
  const fitting = options.filter((option) => words.every((word) => plain(option.label).includes(word)));
  const begins = (option: Option<Value>) =>
    plain(option.label)
      .split(/[\s/]+/)
      .some((part) => part.startsWith(first));
  return [...fitting.filter(begins), ...fitting.filter((option) => !begins(option))];
}
