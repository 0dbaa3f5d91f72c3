import { csvColumns } from './csv-row.ts';
import { defineTextSource } from './define-source.ts';
import { toPort } from './split-objects.ts';
import { visitTable } from './visit-table.ts';

export const naabuCsv = defineTextSource({
  name: 'naabu-csv',
  title: 'naabu -csv, or any table whose first line names the columns ip and port',
  recognises(head) {
    const columns = csvColumns(head);
    return columns.includes('ip') && columns.includes('port');
  },
  read: (input, sink) =>
    visitTable(
      input,
      (problem) => sink.problem(problem),
      (row, line) => {
        const address = row.get('ip') ?? '';
        const protocol = row.get('protocol') ?? '';
        if (protocol !== '' && protocol !== 'tcp') sink.skip(protocol);
        else if (address === '') sink.skip('no address');
        else sink.addAddress(address, toPort(row.get('port')) ?? Number.NaN, line);
      },
    ),
});
