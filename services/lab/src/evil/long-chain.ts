import { defineEvil } from './define-evil.ts';
import { honest } from './honest.ts';

/** Two hundred certificates in its chain. */
export default defineEvil({
  name: 'long-chain',
  showsCertificate: true,
  outcomes: ['malformed-tls', 'answered', 'present'],
  tls: (tls) => {
    const [leaf] = tls.chain;
    return leaf === undefined ? tls : { ...tls, chain: new Array(200).fill(leaf) };
  },
  behave: (context) => honest(context),
});
