import de from './de.json';
import en from './en.json';

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, prefix = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') found.set(prefix + key, value);
    else flat(value, `${prefix}${key}.`).forEach((text, name) => found.set(name, text));
  }
  return found;
}

const english = flat(en);
const german = flat(de);
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

test('German says everything that English says, and nothing else', () => {
  expect([...german.keys()].sort()).toEqual([...english.keys()].sort());
});

test.each([...english])('%p has the same gaps to fill in both languages', (key, text) => {
  expect(placeholders(german.get(key) ?? '')).toEqual(placeholders(text));
});

test('no text is empty', () => {
  for (const [key, text] of [...english, ...german]) expect([key, text.trim()]).not.toEqual([key, '']);
});
