/** Where an address lies, as far as tables say. A field that they do not know is absent. */
export interface Place {
  /** Of the autonomous system that announces it (RFC 6793). */
  readonly asn?: number;
  readonly asName?: string;
  /** ISO 3166-1, two letters in upper case. */
  readonly country?: string;
  /** Whose cloud or hosting it is: `aws`, `hetzner`. */
  readonly provider?: string;
}

/** RFC 6793: numbers of 32 bits. */
export const MAX_ASN = 0xffff_ffff;

/** Longer names are cut. */
export const MAX_NAME_LENGTH = 120;

/** Two letters; undefined for what stands for no country (`ZZ`, `EU` and `AP` of the registries among them). */
export function toCountry(text: string): string | undefined {
  const code = text.toUpperCase();
  return /^[A-Z]{2}$/.test(code) && !NO_COUNTRIES.has(code) ? code : undefined;
}

const NO_COUNTRIES: ReadonlySet<string> = new Set(['ZZ', 'EU', 'AP', 'XX']);
