import { searchEndpoints } from '@kubecensus/api';
import { parseQuery } from '@kubecensus/shared/history';
import { readCliConfig } from '../config.ts';
import { wholeNumber } from '../options.ts';
import { toJsonLine } from '../output/json-line.ts';
import { toFieldsText, toSearchText } from '../output/search-text.ts';
import { joinQuery, toLastInstant } from '../question-options.ts';
import { openFilledStore } from '../runtime/open-store.ts';
import { write } from '../terminal.ts';
import type { DefineCommand } from './define-command.ts';

type Options = {
  fields: boolean;
  series?: string;
  asOf?: Date;
  live: boolean;
  limit: number;
  dataDir?: string;
  json: boolean;
};

/** Rows that are read from the store at once. */
const PAGE = 1000;

const EXAMPLES = `
Examples:
  kubecensus search 'distribution:eks version<1.30 (exposure:answering or eol:yes)'
  kubecensus search 'ip:203.0.113.0/24 not port:443' --as-of 2026-03-01
  kubecensus search 'san:"*.internal"' --json
  kubecensus search --fields`;

export const defineSearch: DefineCommand = (command, terminal) => {
  command
    .argument('[query...]', 'terms such as port:443; and, or, not, parentheses, ranges, sets and wildcards')
    .option('--fields', 'the fields of the query language', false)
    .option('--series <name>', 'the series; that of the last census unless told')
    .option('--as-of <date>', 'the last census on or before this date', toLastInstant)
    .option('--live', 'the current state, by whatever scan looked last', false)
    .option('-n, --limit <n>', 'endpoints at most', wholeNumber(1, 100_000_000), 100)
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .option('--json', 'one JSON object per endpoint', false)
    .addHelpText('after', EXAMPLES)
    .action(async (words: string[], { fields, limit, dataDir, json, ...subject }: Options) => {
      if (fields) {
        await write(terminal.stdout, toFieldsText());
        return;
      }
      const query = parseQuery(joinQuery(words));
      const config = readCliConfig();
      const store = await openFilledStore({ ...config, dataDir: dataDir ?? config.dataDir });
      try {
        const pool = store.pool('reader');
        let left = limit;
        let page = await searchEndpoints(pool, { ...subject, query, limit: Math.min(left, PAGE) });
        const { of, notMeasured } = page;
        for (let isFirst = true; ; isFirst = false) {
          const text = json ? page.rows.map(toJsonLine).join('') : toSearchText({ ...page, of, notMeasured }, isFirst);
          await write(terminal.stdout, text);
          left -= page.rows.length;
          if (page.next === undefined || left <= 0) break;
          page = await searchEndpoints(pool, { ...subject, query, limit: Math.min(left, PAGE), after: page.next });
        }
        if (page.next !== undefined)
          terminal.stderr.write(`kubecensus: there are more; --limit ends the list at ${limit}\n`);
      } finally {
        await store.close();
      }
    });
};
