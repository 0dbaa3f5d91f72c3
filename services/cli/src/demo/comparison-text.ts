import type { Comparison } from './compare-with-truth.ts';

/** Differences that are told one by one; their number is always told. */
const MAX_SHOWN = 10;

export function toComparisonText({ compared, clusters, mirrored, differences }: Comparison): string {
  if (differences.length === 0) {
    return `Held against the lab's truth, endpoint by endpoint: all ${compared} equal, ${clusters} clusters and ${mirrored} mirrored among them.\n`;
  }
  const shown = differences
    .slice(0, MAX_SHOWN)
    .map(
      ({ address, port, field, truth, record }) => `  ${address}:${port} ${field}: truth ${truth}, record ${record}\n`,
    );
  const rest = differences.length > MAX_SHOWN ? `  and ${differences.length - MAX_SHOWN} more\n` : '';
  return `Held against the lab's truth: ${differences.length} differences in ${compared} endpoints.\n${shown.join('')}${rest}`;
}
