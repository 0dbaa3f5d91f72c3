import { AddressError } from '@kubecensus/shared/addresses';
import { defineTextSource } from './define-source.ts';
import { toPort } from './split-objects.ts';
import { splitTags } from './split-tags.ts';

export const nmapXml = defineTextSource({
  name: 'nmap-xml',
  title: 'nmap -oX, masscan -oX',
  recognises: (head) => head.trimStart().startsWith('<') && head.includes('nmaprun'),
  async read(input, sink) {
    // `<host> <address/> <ports> <port> <state/> </port> ... </host>`, as nmap.dtd orders them.
    let address: string | undefined;
    let protocol = '';
    let port = Number.NaN;
    let isInPort = false;
    for await (const tags of splitTags(input)) {
      for (const { name, attributes, line } of tags) {
        if (name === 'host') {
          address = undefined;
        } else if (name === 'address' && attributes.get('addrtype') !== 'mac') {
          address = attributes.get('addr');
        } else if (name === 'port') {
          isInPort = true;
          protocol = attributes.get('protocol') ?? '';
          port = toPort(attributes.get('portid')) ?? Number.NaN;
        } else if (name === '/port') {
          isInPort = false;
        } else if (name === 'state' && isInPort) {
          const state = attributes.get('state') ?? 'no state';
          if (state !== 'open') sink.skip(state);
          else if (protocol !== 'tcp') sink.skip(protocol);
          else if (address !== undefined) sink.addAddress(address, port, line);
          else {
            sink.problem(
              new AddressError(
                'ADDRESS_MALFORMED',
                `port ${port}`,
                'is open at no address',
                'see that each host has its address before its ports',
                `${input.name} line ${line}`,
              ),
            );
          }
        }
      }
    }
  },
});
