/** What was caught, as an Error: JavaScript lets anything be thrown. An Error comes back as it is. */
export function toError(caught: unknown): Error {
  if (caught instanceof Error) return caught;
  return new Error(typeof caught === 'string' ? caught : `a value was thrown that is no error: ${String(caught)}`);
}

/** The system's or the server's own code of an error (`ECONNREFUSED`, SQLSTATE `40001`), where it has one. */
export function errorCodeOf(caught: unknown): string | undefined {
  if (typeof caught !== 'object' || caught === null || !('code' in caught)) return undefined;
  return typeof caught.code === 'string' ? caught.code : undefined;
}
