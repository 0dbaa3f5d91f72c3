import { isIP } from 'node:net';
import { KubecensusError } from '@kubecensus/shared/errors';

/** Who answers for a scan, and where they are reached. */
export interface OperatorContact {
  readonly url: string;
  readonly mail: string;
}

const URL_STEP = 'give the address of a page that says who you are and how to opt out, with --operator-url';
const MAIL_STEP = 'give a mail address that somebody reads, with --operator-mail';

/** Both go into headers and logs of strangers, who must be able to read them whole. */
const MAX_CONTACT_LENGTH = 200;

/** Names that reach nobody: RFC 2606, RFC 6761, RFC 6762, RFC 8375, RFC 9476. */
const RESERVED_NAME =
  /(^|\.)(example\.(org|com|net|edu)|example|test|invalid|localhost|local|home\.arpa|internal|lan|alt|onion)$/;
/** What people leave in a template. */
const UNFILLED = /^(todo|tbd|fixme|none|n\/a|null|undefined|changeme|change-me|replace-me|x+|-+|\.+)$/i;
const UNFILLED_PART =
  /(^|[^a-z])(your-?(org|name|domain|company|mail|email|site|host)|yourdomain|changeme|todo|placeholder)([^a-z]|$)|[<>{}$]/i;

/**
 * The contact, if a stranger can use it.
 * @throws KubecensusError SCAN_CONTACT_MISSING, SCAN_CONTACT_PLACEHOLDER
 */
export function assertOperatorContact(contact: {
  url?: string | undefined;
  mail?: string | undefined;
}): OperatorContact {
  const url = assertGiven('operator URL', contact.url, URL_STEP);
  const mail = assertGiven('operator mail address', contact.mail, MAIL_STEP);
  const urlProblem = urlProblemOf(url);
  if (urlProblem !== undefined) throw placeholder('operator URL', url, urlProblem, URL_STEP);
  const mailProblem = mailProblemOf(mail);
  if (mailProblem !== undefined) throw placeholder('operator mail address', mail, mailProblem, MAIL_STEP);
  return { url, mail };
}

function assertGiven(what: string, value: string | undefined, step: string): string {
  const given = value?.trim() ?? '';
  if (given !== '') return given;
  throw new KubecensusError(
    'SCAN_CONTACT_MISSING',
    `public ranges are scanned only with a contact, and the ${what} is empty; ${step}`,
  );
}

function placeholder(what: string, value: string, problem: string, step: string): KubecensusError {
  return new KubecensusError(
    'SCAN_CONTACT_PLACEHOLDER',
    `the ${what} ${JSON.stringify(value.slice(0, 80))} ${problem}; ${step}`,
  );
}

function urlProblemOf(text: string): string | undefined {
  if (!/^[\x21-\x7e]+$/.test(text) || text.length > MAX_CONTACT_LENGTH) {
    return `is not ${MAX_CONTACT_LENGTH} or fewer printable ASCII characters`;
  }
  if (UNFILLED.test(text) || UNFILLED_PART.test(text)) return 'is a placeholder';
  if (!URL.canParse(text) || !/^https?:\/\/[^/]/i.test(text)) return 'is no http or https address';
  const { hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return 'carries a user name or password that every target would read';
  return hostProblemOf(hostname.replace(/^\[|\]$/g, ''));
}

function mailProblemOf(text: string): string | undefined {
  if (UNFILLED.test(text) || UNFILLED_PART.test(text)) return 'is a placeholder';
  const match = /^[A-Za-z0-9.!#$%&'*+/=?^_`|~-]{1,64}@([A-Za-z0-9.-]{3,190})$/.exec(text);
  if (match?.[1] === undefined) return 'is no mail address';
  return hostProblemOf(match[1]);
}

function hostProblemOf(host: string): string | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (RESERVED_NAME.test(name)) return 'is a placeholder: its domain is reserved and reaches nobody';
  if (isIP(name) !== 0) return 'names an address, which tells nobody who you are';
  if (!/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/.test(name))
    return 'has no public domain name';
  return undefined;
}
