import { csvColumns } from './csv-row.ts';
import { defineTextSource } from './define-source.ts';
import { toPort } from './split-objects.ts';
import { visitTable } from './visit-table.ts';

export const zmapCsv = defineTextSource({
  name: 'zmap-csv',
  title: 'zmap -O csv with its header line (without one it is a plain list)',
  recognises: (head) => csvColumns(head).includes('saddr'),
  read: (input, sink) =>
    visitTable(
      input,
      (problem) => sink.problem(problem),
      (row, line) => {
        // A SYN scan's `sport` is the port that answered; zmap writes only the columns that -f names.
        const port = row.get('sport');
        if (row.get('success') === '0') sink.skip(row.get('classification') || 'no success');
        else if (row.get('repeat') === '1') sink.skip('repeat');
        else
          sink.addAddress(row.get('saddr') ?? '', port === undefined ? undefined : (toPort(port) ?? Number.NaN), line);
      },
    ),
});
