import { type EndpointRow, listEndpoints, type Subject } from '@kubecensus/api';
import type pg from 'pg';

/** Every endpoint of a population, page after page. */
export async function listAllEndpoints(pool: pg.Pool, subject: Subject): Promise<EndpointRow[]> {
  const all: EndpointRow[] = [];
  let page = await listEndpoints(pool, subject);
  all.push(...page.rows);
  while (page.next !== undefined) {
    page = await listEndpoints(pool, { ...subject, after: page.next });
    all.push(...page.rows);
  }
  return all;
}
