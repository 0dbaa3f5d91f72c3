/** The closed list of what can be wrong with a stranger's DER. */
export type X509ErrorCode =
  | 'X509_TRUNCATED' // an element says it is longer than what is there
  | 'X509_UNEXPECTED' // another element than the structure asks for
  | 'X509_UNSUPPORTED_ENCODING' // indefinite length, high tag numbers, lengths over four bytes
  | 'X509_TOO_LARGE' // more bytes than the reader takes
  | 'X509_TOO_COMPLEX' // more elements than the reader visits
  | 'X509_BAD_VALUE'; // an element whose content breaks its type's rules

/** The only error that the readers of this room throw. The message names the element, the value and the offset. */
export class X509Error extends Error {
  override readonly name = 'X509Error';
  readonly code: X509ErrorCode;

  constructor(code: X509ErrorCode, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}
