import { ApiError, apiErrorFrom, isNotFound, isSignedOut } from './errors';

test('a problem document becomes an error with its code and remedy', () => {
  const error = apiErrorFrom(422, {
    code: 'file_empty',
    detail: 'The file is empty.',
    remedy: 'Choose another.',
  });
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    status: 422,
    code: 'file_empty',
    message: 'The file is empty.',
    remedy: 'Choose another.',
  });
});

test('problems of single fields are kept apart', () => {
  const error = apiErrorFrom(422, { errors: [{ field: 'body.password', message: 'is too short' }, 'x'] });
  expect(error.fields).toEqual([{ field: 'body.password', message: 'is too short' }]);
});

test.each([undefined, null, '', '<html>', 7])('%p as a body is survived', (body) => {
  expect(apiErrorFrom(502, body)).toMatchObject({ status: 502, code: 'http_502', remedy: null });
});

test('who is signed out and what is gone', () => {
  expect(isSignedOut(apiErrorFrom(401, null))).toBe(true);
  expect(isNotFound(apiErrorFrom(404, null))).toBe(true);
  expect(isSignedOut(new Error('401'))).toBe(false);
});
