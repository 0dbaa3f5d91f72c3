import { defineRecordSource } from './define-source.ts';

export const due = defineRecordSource({
  name: 'due',
  title: 'endpoints of the record that nobody has looked at for some days, and that are not known to be gone',
  async read({ before }, endpoints, sink) {
    for await (const page of endpoints.lookedAtBefore(before)) {
      for (const { address, port } of page) sink.addAddress(address, port, 0);
    }
  },
});
