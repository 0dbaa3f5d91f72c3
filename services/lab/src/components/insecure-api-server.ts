import { toVersionBody } from '../servers/version-answers.ts';
import { type LabComponent, NOT_FOUND } from './define-lab-component.ts';

/** `--insecure-port`, gone since 1.24: the whole API without authentication. */
export const insecureApiServer: LabComponent = {
  name: 'kube-apiserver-insecure',
  port: 8080,
  share: 0.02,
  play: ({ cluster }) => ({
    answers: [
      [
        '/version',
        {
          status: 200,
          headers: [
            ['Cache-Control', 'no-cache, private'],
            ['Content-Type', 'application/json'],
          ],
          body: toVersionBody(cluster.gitVersion),
        },
      ],
      ['*', NOT_FOUND],
    ],
    exposure: 'open',
    silence: null,
  }),
};
