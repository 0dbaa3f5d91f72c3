import { defineTextSource } from './define-source.ts';
import { toPort, toRecord, visitObjects } from './split-objects.ts';

export const naabuJson = defineTextSource({
  name: 'naabu-json',
  title: 'naabu -json (its plain address:port lines are a plain list)',
  recognises: (head) =>
    /^\s*\{[^{}]*"ip"\s*:\s*"[^{}]*"port"\s*:\s*[{\d]/.test(head) &&
    !/"(data|ports)"\s*:/.test(head.split('\n', 1)[0] ?? ''),
  read: (input, sink) =>
    visitObjects(
      input,
      (problem) => sink.problem(problem),
      ({ ip, port, protocol }, line) => {
        // Releases before 2.1 nest the port.
        const number = toPort(toRecord(port)?.Port ?? port) ?? Number.NaN;
        if (typeof protocol === 'string' && protocol !== 'tcp') sink.skip(protocol);
        else if (typeof ip !== 'string' || ip === '') sink.skip('no address');
        else sink.addAddress(ip, number, line);
      },
    ),
});
