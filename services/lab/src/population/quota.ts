/**
 * Shares as whole numbers that add up to `total` (largest remainders), every entry at least once where `total` allows:
 * a small lab shows every kind, a large one keeps the proportions.
 */
export function toQuotas(entries: readonly { name: string; share: number }[], total: number): Map<string, number> {
  const sum = entries.reduce((all, entry) => all + entry.share, 0);
  const floor = total >= entries.length ? 1 : 0;
  const spare = total - floor * entries.length;
  const exact = entries.map((entry) => ({ name: entry.name, value: (entry.share / sum) * spare }));
  const quotas = new Map(exact.map(({ name, value }) => [name, floor + Math.floor(value)]));
  const byRemainder = exact.toSorted((left, right) => (right.value % 1) - (left.value % 1));
  let missing = total - [...quotas.values()].reduce((all, quota) => all + quota, 0);
  for (const { name } of byRemainder) {
    if (missing === 0) break;
    quotas.set(name, (quotas.get(name) ?? 0) + 1);
    missing -= 1;
  }
  return quotas;
}
