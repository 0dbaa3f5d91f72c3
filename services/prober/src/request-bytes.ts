/** Who is asking; travels in every request and, shortened, in every hello. */
export interface Operator {
  /** A page that says what this is and how to be left alone. */
  url: string;
  /** Name in the client random, as a rule the host of `url`. */
  name: string;
}

/**
 * Builds the one request. The word Mozilla is not vanity: rancher's dynamiclistener, in front of k3s and of RKE2's
 * supervisor, adds the IP of `Host` to its serving certificate and writes that to the cluster for every other agent.
 */
export function createRequestWriter(
  operator: Operator,
  version: string,
): (method: string, path: string, address: string) => Buffer {
  const tail =
    `\r\nUser-Agent: Mozilla/5.0 (compatible; kubecensus/${version}; +${operator.url})\r\n` +
    'Accept: application/json\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n';
  return (method, path, address) => {
    const host = address.includes(':') ? `[${address}]` : address;
    return Buffer.from(`${method} ${path} HTTP/1.1\r\nHost: ${host}${tail}`, 'latin1');
  };
}
