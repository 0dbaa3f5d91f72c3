/**
 * Clouds and hosters by the autonomous systems that announce their customers' addresses. Each number was looked up by
 * its name in the table of autonomous systems of 2026-06-17 that comes with the program; a test holds the two together.
 */
export const PROVIDER_ASNS: Readonly<Record<string, { readonly asns: readonly number[]; readonly named: RegExp }>> = {
  alibaba: { asns: [37963, 45102, 24429, 134963], named: /alibaba|taobao/i },
  aws: { asns: [16509, 14618, 8987, 7224], named: /amazon|aws/i },
  azure: { asns: [8075, 8068, 8069, 12076], named: /microsoft/i },
  civo: { asns: [212047, 211552, 210920, 214122], named: /civo/i },
  cloudflare: { asns: [13335], named: /cloudflare/i },
  contabo: { asns: [51167, 40021, 141995], named: /contabo/i },
  digitalocean: { asns: [14061, 393406, 46652], named: /digitalocean/i },
  equinix: { asns: [54825], named: /packet|equinix/i },
  exoscale: { asns: [61098], named: /exoscale|akenes/i },
  fastly: { asns: [54113], named: /fastly/i },
  gcore: { asns: [199524, 202422, 59245, 210559], named: /g-?core/i },
  google: { asns: [15169, 396982, 19527, 139070, 36492], named: /google/i },
  hetzner: { asns: [24940, 213230, 212317, 215859], named: /hetzner/i },
  huawei: { asns: [55990, 136907, 265443], named: /huawei/i },
  ibm: { asns: [36351], named: /softlayer|ibm/i },
  ionos: { asns: [8560, 54548], named: /ionos|1&1|profitbricks/i },
  leaseweb: { asns: [60781, 28753, 30633, 7203, 395954, 396362, 59253], named: /leaseweb/i },
  linode: { asns: [63949], named: /akamai|linode/i },
  netcup: { asns: [197540, 214996], named: /netcup/i },
  oracle: { asns: [31898], named: /oracle/i },
  ovh: { asns: [16276], named: /ovh/i },
  rackspace: { asns: [27357, 19994, 33070, 15395], named: /rackspace/i },
  scaleway: { asns: [12876], named: /scaleway|online/i },
  selectel: { asns: [49505, 50340], named: /selectel/i },
  tencent: { asns: [45090, 132203, 133478], named: /tencent/i },
  upcloud: { asns: [202053, 25697], named: /upcloud/i },
  volcengine: { asns: [137718, 150436], named: /volcano|byteplus/i },
  vultr: { asns: [20473], named: /vultr|constant|choopa/i },
  yandex: { asns: [200350, 13238], named: /yandex/i },
};

const BY_ASN = new Map(
  Object.entries(PROVIDER_ASNS).flatMap(([provider, { asns }]) => asns.map((asn): [number, string] => [asn, provider])),
);

export function toProvider(asn: number): string | undefined {
  return BY_ASN.get(asn);
}
