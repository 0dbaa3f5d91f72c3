import { Resolver as DnsResolver } from 'node:dns/promises';
import { get } from 'node:http';
import type { ReadPage, Resolver } from './prove-range.ts';

const DNS_TIMEOUT_MS = 3_000;
const PAGE_TIMEOUT_MS = 5_000;
/** A token has 43 characters. */
const MAX_PAGE_BYTES = 4096;

/** By the name servers of this machine. */
export function createResolver(): Resolver {
  const dns = new DnsResolver({ timeout: DNS_TIMEOUT_MS, tries: 2 });
  return {
    texts: async (name) => (await dns.resolveTxt(name)).map((parts) => parts.join('')),
    pointers: (address) => dns.reverse(address),
    async addresses(name) {
      const found = await Promise.allSettled([dns.resolve4(name), dns.resolve6(name)]);
      return found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    },
  };
}

/** Over plain HTTP, for an address has no certificate that says whose it is. Follows nothing, and reads one small page. */
export function createPageReader(port = 80): ReadPage {
  return (address, path) =>
    new Promise((resolve, reject) => {
      const host = address.includes(':') ? `[${address}]` : address;
      const request = get({
        host: address,
        port,
        path,
        headers: { host, 'user-agent': 'kubecensus owner check', connection: 'close' },
        signal: AbortSignal.timeout(PAGE_TIMEOUT_MS),
        agent: false,
        maxHeaderSize: 8192,
      });
      request.once('error', reject);
      request.once('response', (response) => {
        if (response.statusCode !== 200) {
          request.destroy();
          reject(new Error(`${path} answers ${response.statusCode}`));
          return;
        }
        let text = '';
        response.setEncoding('utf8');
        response.once('error', reject);
        response.on('data', (chunk: string) => {
          text += chunk;
          if (text.length <= MAX_PAGE_BYTES) return;
          request.destroy();
          reject(new Error(`${path} has more than ${MAX_PAGE_BYTES} characters`));
        });
        response.once('end', () => resolve(text));
      });
    });
}
