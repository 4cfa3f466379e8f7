import { createInstance } from 'i18next';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import en from '@/i18n/en.json';

import { scopeSentence } from './scopeWords';

/** What only a person who signed in may touch: no program ever asks for it. */
const OWNER_AREAS = ['accounts', 'privacy', 'administration'];

test('every area of the API has words of its own', async () => {
  const text = readFileSync(join(__dirname, '../../../../../openapi.json'), 'utf8');
  const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, { tags?: string[] }>> };
  const tags = Object.values(paths).flatMap((path) => Object.values(path).flatMap((one) => one.tags ?? []));
  const areas = [...new Set([...tags, 'events'])]
    .map((tag) => tag.replaceAll(' ', '_'))
    .filter((area) => !OWNER_AREAS.includes(area));
  const texts = createInstance();
  await texts.init({ lng: 'en', resources: { en: { translation: en } } });
  const words = en.apps.area as Record<string, string>;
  for (const area of areas) {
    expect(Object.keys(words)).toContain(area);
    expect(scopeSentence(`${area}:read`, texts.t)).toBe(`See ${words[area]}`);
  }
});
