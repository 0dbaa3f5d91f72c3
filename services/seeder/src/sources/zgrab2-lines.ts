import { AddressError } from '@kubecensus/shared/addresses';
import { defineTextSource } from './define-source.ts';
import { toPort, toRecord, visitObjects } from './split-objects.ts';

/** zgrab2's words for a target that took the connection, whatever came of it. */
const CONNECTED = new Set(['success', 'application-error', 'protocol-error', 'io-timeout', 'connection-closed']);

export const zgrab2Lines = defineTextSource({
  name: 'zgrab2-lines',
  title: 'the JSON lines of zgrab2, and of kubecensus probe',
  recognises: (head) => /^\s*\{[^{}]*"(ip|domain)"\s*:[^{}]*"data"\s*:\s*\{/.test(head),
  read: (input, sink) =>
    visitObjects(
      input,
      (problem) => sink.problem(problem),
      (record, line) => {
        const data = toRecord(record.data);
        if (data === undefined) {
          sink.problem(
            new AddressError(
              'ADDRESS_MALFORMED',
              JSON.stringify(record),
              'is no line of zgrab2',
              'write it as {"ip":"192.0.2.1","data":{"tls":{"status":"success","port":6443}}}',
              `${input.name} line ${line}`,
            ),
          );
          return;
        }
        for (const module of Object.values(data)) {
          const { status, port } = toRecord(module) ?? {};
          if (!CONNECTED.has(String(status))) sink.skip(String(status));
          else if (typeof record.ip !== 'string') sink.skip('no address');
          // Releases of zgrab2 before 0.2 do not say the port.
          else sink.addAddress(record.ip, port === undefined ? undefined : (toPort(port) ?? Number.NaN), line);
        }
      },
    ),
});
