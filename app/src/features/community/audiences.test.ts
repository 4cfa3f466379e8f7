import { audienceBody, audienceKey } from './audiences';

test.each([
  ['me', { audience: 'me' }],
  ['public', { audience: 'public' }],
  ['club:01890a5d', { audience: 'club', club_id: '01890a5d' }],
] as const)('%p is told to the server as %p', (key, body) => {
  expect(audienceBody(key)).toEqual(body);
});

test('a post for a club that is not to be seen any more is for its author', () => {
  expect(audienceKey({ audience: 'club', club: { id: 'a', name: 'Lake' } })).toBe('club:a');
  expect(audienceKey({ audience: 'club', club: null })).toBe('me');
  expect(audienceKey({ audience: 'followers', club: null })).toBe('followers');
});
