/** The server answered, and the answer is no. `code` is stable; message and remedy are for people. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly remedy: string | null,
    readonly fields: readonly FieldProblem[] = [],
    /** Named facts of this kind of problem, such as the rule that would break. */
    readonly facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/** No answer came: no network, or the server is not running. */
export class UnreachableError extends Error {
  constructor(options?: ErrorOptions) {
    super('The server cannot be reached', options);
    this.name = 'UnreachableError';
  }
}

export type FieldProblem = { field: string; message: string };

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function fieldProblems(value: unknown): FieldProblem[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null) return [];
    const { field, loc, message, msg } = item as Record<string, unknown>;
    const path = text(field) ?? (Array.isArray(loc) ? String(loc.at(-1)) : null);
    const words = text(message) ?? text(msg);
    return path && words ? [{ field: path, message: words }] : [];
  });
}

/** Reads a problem document (RFC 9457); anything else becomes an error with the bare status. */
export function apiErrorFrom(status: number, body: unknown): ApiError {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  return new ApiError(
    status,
    text(problem.code) ?? `http_${status}`,
    text(problem.detail) ?? text(problem.title) ?? `The server answered with status ${status}`,
    text(problem.remedy),
    fieldProblems(problem.errors ?? problem.fields ?? problem.detail),
    problem,
  );
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

const TOO_EARLY = 425;
const TOO_MANY = 429;
const TIMED_OUT = 408;
const SERVER_FAULT = 500;

/** Whether the same may be taken another time: no connection, no session, or a server that is busy or broken. */
export function isPassing(error: unknown): boolean {
  if (error instanceof UnreachableError || isSignedOut(error)) return true;
  if (!(error instanceof ApiError)) return false;
  return error.status >= SERVER_FAULT || [TIMED_OUT, TOO_EARLY, TOO_MANY].includes(error.status);
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
