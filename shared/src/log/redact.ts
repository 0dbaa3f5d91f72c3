/** `scheme://user:password@`: everything between the slashes and the last @ before the path. */
const USER_INFO = /([a-z][a-z0-9+.-]*:\/\/)[^\s"'/?#]*@/gi;
/** Addresses may carry a password behind the question mark, too (libpq does). */
const SECRET_PARAMETER = /([?&](?:password|passwd|sslpassword|token|secret)=)[^\s"'&#]*/gi;

/** The text with every credential that an address in it carries taken out. */
export function redactCredentials(text: string): string {
  return text.replace(USER_INFO, '$1***@').replace(SECRET_PARAMETER, '$1***');
}
