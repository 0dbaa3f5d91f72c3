import type { Touch } from '@kubecensus/seeder';
import { toTable } from '../output/table.ts';
import type { JournalTouch } from './journal-touches.ts';

/** A headline that answers the question, and a line for each touch. */
export function toTouchesText(address: string, touches: readonly Touch[], connects: readonly JournalTouch[]): string {
  const table =
    touches.length === 0
      ? ''
      : `${toTable(touches, [
          { title: 'scan', value: (touch) => touch.scanId, align: 'right' },
          { title: 'kind', value: (touch) => touch.kind },
          { title: 'port', value: (touch) => touch.port, align: 'right' },
          { title: 'what', value: (touch) => touch.state },
          { title: 'from', value: (touch) => toSecond(touch.from) },
          { title: 'until', value: (touch) => toSecond(touch.until) },
          { title: 'from address', value: (touch) => touch.vantage.join(', ') || '-' },
          { title: 'operator', value: (touch) => touch.operatorUrl ?? '-' },
          { title: 'purpose', value: (touch) => touch.purpose },
        ])}\n`;
  const journaled = connects.map(
    ({ at, port, component, journal }) => `${at}  port ${port}  ${component}  (${journal})\n`,
  );
  return `${toHeadline(address, touches, connects)}\n${table}${journaled.join('')}`;
}

function toHeadline(address: string, touches: readonly Touch[], connects: readonly JournalTouch[]): string {
  const has = (state: Touch['state']) => touches.some((touch) => touch.state === state);
  if (has('contacted') || connects.length > 0) return `${address} was contacted`;
  if (has('may-have-been')) return `${address} may have been contacted`;
  if (has('not-contacted')) return `${address} was not contacted: it was excluded`;
  if (has('planned')) return `${address} was not contacted yet: its turn is to come`;
  return `${address} was not contacted: no scan of this record had it among its targets`;
}

function toSecond(instant: Date | undefined): string {
  return instant === undefined ? '-' : `${instant.toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
