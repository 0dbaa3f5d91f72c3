import { AddressError } from '@kubecensus/shared/addresses';
import { defineTextSource } from './define-source.ts';
import { toPort, toRecord, visitObjects } from './split-objects.ts';

export const masscanJson = defineTextSource({
  name: 'masscan-json',
  title: 'masscan -oJ or -oD',
  recognises: (head) => /^\s*\[?[\s,]*\{[^{}]*"ip"\s*:[^{}]*"ports"\s*:\s*\[/.test(head),
  async read(input, sink) {
    // Releases before 1.3 end their array with a record that is no JSON.
    const onProblem = (problem: AddressError) => {
      if (!/^\{\s*finished\s*:/.test(problem.text)) sink.problem(problem);
    };
    await visitObjects(input, onProblem, (record, line) => {
      if (record.finished !== undefined) return;
      const { ip, ports } = record;
      if (typeof ip !== 'string' || !Array.isArray(ports)) {
        sink.problem(
          new AddressError(
            'ADDRESS_MALFORMED',
            JSON.stringify(record),
            'is no record of masscan -oJ',
            'write it as {"ip":"192.0.2.1","ports":[{"port":6443,"proto":"tcp","status":"open"}]}',
            `${input.name} line ${line}`,
          ),
        );
        return;
      }
      for (const entry of ports) {
        const { proto, status, port, service } = toRecord(entry) ?? {};
        if (service !== undefined) sink.skip('banner');
        else if (proto !== undefined && proto !== 'tcp') sink.skip(String(proto));
        else if (status !== undefined && status !== 'open') sink.skip(String(status));
        else sink.addAddress(ip, toPort(port) ?? Number.NaN, line);
      }
    });
  },
});
