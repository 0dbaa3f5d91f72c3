import { visitTargetLines } from '@kubecensus/shared/addresses';
import { defineTextSource } from './define-source.ts';

export const lines = defineTextSource({
  name: 'lines',
  title: 'addresses, prefixes, ranges, address:port or address,port, one a line',
  // Whatever no other source recognises.
  recognises: () => true,
  read: (input, sink) =>
    visitTargetLines(input, (target) => sink.add(target), {
      onProblem: (problem) => sink.problem(problem),
      plain: (range, line) => sink.addWords(range, line),
    }),
});
