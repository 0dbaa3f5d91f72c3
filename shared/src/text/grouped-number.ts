/** `1,234,567`, as toLocaleString('en') writes it, without the 7 MB of language tables that its first call loads. */
export function toGroupedNumber(value: number | bigint): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
