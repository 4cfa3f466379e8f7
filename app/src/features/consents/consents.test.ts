import type { Consent } from '@/features/formChecks/formQueries';

import { healthPurposes, leftOut, withConsent } from './consents';

const consent = (purpose: Consent['purpose'], is_given: boolean): Consent => ({
  purpose,
  is_given,
  text: 'words',
  text_version: '1',
  history: [],
});

test('going on says no to what was shown and left out, and to nothing else', () => {
  const items = [
    consent('training_diary', true),
    consent('body_and_wellness', false),
    consent('form_videos', false),
    consent('assistant', false),
  ];
  expect(leftOut(items, healthPurposes).map(({ purpose }) => purpose)).toEqual([
    'body_and_wellness',
    'form_videos',
  ]);
  const after = withConsent({ items }, consent('form_videos', true));
  expect(leftOut(after?.items ?? [], healthPurposes).map(({ purpose }) => purpose)).toEqual([
    'body_and_wellness',
  ]);
});
