import { defineEvil } from './define-evil.ts';
import { honest } from './honest.ts';
import { withNames } from './with-names.ts';

/** Eighty kilobytes of names in its certificate. */
export default defineEvil({
  name: 'many-names',
  showsCertificate: true,
  outcomes: ['answered'],
  tls: (tls) => {
    const names = Array.from({ length: 2500 }, (_, index) => `DNS:filler-${index}.kubernetes.default.svc`);
    return withNames(tls, (own) => [...own, ...names]);
  },
  behave: (context) => honest(context),
});
