import { hostOf, type Identity } from './identity.ts';

/** `/.well-known/security.txt` of RFC 9116: whom to write to. Lines end in CR LF. */
export function toSecurityText({ operator, expiresAt, ...identity }: Identity): string {
  return toFields([
    ['Contact', `mailto:${operator.mail}`],
    ['Contact', operator.url],
    ['Expires', expiresAt.toISOString()],
    ['Preferred-Languages', 'en'],
    ['Canonical', `https://${hostOf({ operator, ...identity })}/.well-known/security.txt`],
    ['Policy', operator.url],
  ]);
}

/** `/.well-known/probing.txt` of RFC 9511: the same, for those who find our probes in their logs. */
export function toProbingText({ operator, expiresAt, purpose, ...identity }: Identity): string {
  return toFields([
    ['Canonical', `https://${hostOf({ operator, ...identity })}/.well-known/probing.txt`],
    ['Contact', `mailto:${operator.mail}`],
    ['Expires', expiresAt.toISOString()],
    ['Preferred-Languages', 'en'],
    ['Description', `${purpose.replace(/\s+/g, ' ')}; how to be left out: ${operator.url}`],
  ]);
}

function toFields(fields: readonly (readonly [string, string])[]): string {
  return fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
}
