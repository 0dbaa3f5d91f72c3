import { defineEvil } from './define-evil.ts';

/** Accepts, and never says a word. */
export default defineEvil({
  name: 'silent-accept',
  showsCertificate: false,
  outcomes: ['read-timeout'],
  behave: () => (socket) => socket.resume(),
});
