import { cleanText } from '@kubecensus/shared/text';

/** What tables say of an address; absent and null alike are not known. */
type Told = { readonly [K in 'asn' | 'asName' | 'country' | 'provider']?: string | number | null | undefined };

/** `AS24940 Hetzner Online GmbH, DE, hetzner`; undefined where nothing is known. */
export function toPlaceText({ asn, asName, country, provider }: Told): string | undefined {
  const network = asn == null ? undefined : `AS${asn}${asName == null ? '' : ` ${cleanText(String(asName), 80)}`}`;
  const known = [network, country, provider].filter((part) => part != null);
  return known.length === 0 ? undefined : known.join(', ');
}
