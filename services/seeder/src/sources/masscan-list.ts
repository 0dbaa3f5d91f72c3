import { AddressError, splitLines } from '@kubecensus/shared/addresses';
import { defineTextSource } from './define-source.ts';

const RECORD = /^(open|closed|banner) (tcp|udp|sctp|icmp|oproto) \d+ \S+ \d+/;

/** A banner can be long; masscan cuts it well below this. */
const MAX_LINE_LENGTH = 64 * 1024;

export const masscanList = defineTextSource({
  name: 'masscan-list',
  title: 'masscan -oL',
  recognises: (head) => head.startsWith('#masscan') || RECORD.test(head.trimStart()),
  async read(input, sink) {
    let lineNumber = 0;
    for await (const lines of splitLines(input, MAX_LINE_LENGTH)) {
      for (const line of lines) {
        lineNumber += 1;
        if (line.trim() === '' || line.startsWith('#')) continue;
        const [state, protocol, port, address] = line.split(' ', 4);
        if (!RECORD.test(line) || address === undefined) {
          sink.problem(
            new AddressError(
              'ADDRESS_MALFORMED',
              line,
              'is no record of masscan -oL',
              'write it as: open tcp 6443 192.0.2.1 1700000000',
              `${input.name} line ${lineNumber}`,
            ),
          );
        } else if (state !== 'open') sink.skip(String(state));
        else if (protocol !== 'tcp') sink.skip(String(protocol));
        else sink.addAddress(address, Number(port), lineNumber);
      }
    }
  },
});
