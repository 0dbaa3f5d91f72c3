// The fallback's child as it would be if it looked at the keys of strangers' certificates, as tools do: what Node's key
// parser cannot take ends this process.
import { TLSSocket } from 'node:tls';

const { getPeerX509Certificate } = TLSSocket.prototype;
TLSSocket.prototype.getPeerX509Certificate = function readKeys() {
  const leaf = getPeerX509Certificate.call(this);
  const chain = [leaf, leaf?.issuerCertificate];
  for (const certificate of chain) void certificate?.publicKey.asymmetricKeyDetails;
  return leaf;
};

await import('../../../services/prober/dist/fallback/child.js');
