import { afterRequest, head } from './after-handshake.ts';
import { defineEvil } from './define-evil.ts';

const BODY =
  '{"__proto__":{"gitVersion":"v1.29.3","major":"1","isAdmin":true},"constructor":{"prototype":{"minor":"29"}},"toString":"x"}';

/** A version document that names `__proto__` and `constructor`. */
export default defineEvil({
  name: 'prototype-json',
  showsCertificate: true,
  outcomes: ['answered'],
  behave: (context) =>
    afterRequest(context, (connection) => {
      connection.end(`${head('200 OK', 'Content-Type: application/json', `Content-Length: ${BODY.length}`)}${BODY}`);
    }),
});
