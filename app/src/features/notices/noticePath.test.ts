import { noticePath } from './noticePath';

it('leads to a page of the app and nowhere else', () => {
  expect(noticePath({ url: '/community/posts/7f3a-11' })).toBe('/community/posts/7f3a-11');
  for (const url of ['//evil.example', '/\\evil.example', 'https://evil.example', '/a?b=c', '', 7, null])
    expect(noticePath({ url })).toBeNull();
  for (const data of [undefined, null, 'x', {}]) expect(noticePath(data)).toBeNull();
});
