import type { PlannedScan } from '@kubecensus/seeder';

const ORIGIN: Readonly<Record<PlannedScan['rateOrigin'], string>> = {
  asked: 'as asked with --rate',
  'default-loopback': 'the default for loopback; --rate sets another',
  'default-private': 'the default for private ranges; --rate sets another',
  kept: 'as it was planned; --rate sets another',
};

/** How fast, and who said so. */
export function toRateText({ rate, rateOrigin }: Pick<PlannedScan, 'rate' | 'rateOrigin'>): string {
  return `at most ${rate.toLocaleString('en')} connects per second (${ORIGIN[rateOrigin]})`;
}
