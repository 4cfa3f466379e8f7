import de from './de.json';
import en from './en.json';
import es from './es.json';
import fr from './fr.json';
import zh from './zh.json';

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
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

/** The English text behind every key that a language needs: its own forms of the plural, and all else as it is. */
function wanted(language: string): Map<string, string> {
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  const keys = new Map<string, string>();
  for (const [key, text] of english) {
    const stem = /^(.*)_(?:one|other)$/.exec(key)?.[1];
    const many = stem === undefined ? undefined : english.get(`${stem}_other`);
    if (stem === undefined || many === undefined) keys.set(key, text);
    else for (const form of forms) keys.set(`${stem}_${form}`, english.get(`${stem}_${form}`) ?? many);
  }
  return keys;
}

describe.each(Object.entries({ de, es, fr, zh }))('%s', (language, tree) => {
  const texts = flat(tree);
  const needed = wanted(language);

  test('says everything that English says, and nothing else', () => {
    expect([...texts.keys()].sort()).toEqual([...needed.keys()].sort());
  });

  test('has the same gaps to fill in', () => {
    const gaps = (key: string, text: string) =>
      String(placeholders(text).filter((name) => !(name === 'count' && key.endsWith('_one'))));
    const differing = [...needed].filter(
      ([key, text]) => gaps(key, texts.get(key) ?? '') !== gaps(key, text),
    );
    expect(differing).toEqual([]);
  });

  test('no text is empty', () => {
    expect([...english, ...texts].filter(([, text]) => text.trim() === '')).toEqual([]);
  });
});
