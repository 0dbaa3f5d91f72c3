import { defineEvil } from './define-evil.ts';
import { honest } from './honest.ts';

/** Two hundred certificates in its chain: more bytes than a first flight may have. */
export default defineEvil({
  name: 'long-chain',
  showsCertificate: false,
  outcomes: ['malformed-tls'],
  tls: (tls) => {
    const [leaf] = tls.chain;
    return leaf === undefined ? tls : { ...tls, chain: new Array(200).fill(leaf) };
  },
  behave: (context) => honest(context),
});
