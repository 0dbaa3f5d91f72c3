import { afterRequest, head } from './after-handshake.ts';
import { defineEvil } from './define-evil.ts';
import { flood } from './flood.ts';

/** Informational answers without end (RFC 9110 section 15.2 sets no limit). */
export default defineEvil({
  name: 'informational-flood',
  showsCertificate: true,
  outcomes: ['present'],
  behave: (context) => afterRequest(context, (connection) => flood(connection, head('100 Continue'))),
});
