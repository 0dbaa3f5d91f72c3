import { defineEvil } from './define-evil.ts';
import { flood } from './flood.ts';

/** An SSH banner before anything was asked, and then without end. */
export default defineEvil({
  name: 'banner-without-end',
  showsCertificate: false,
  outcomes: ['not-tls'],
  behave: () => (socket) => {
    socket.resume();
    flood(socket, 'SSH-2.0-OpenSSH_9.2p1\r\n');
  },
});
