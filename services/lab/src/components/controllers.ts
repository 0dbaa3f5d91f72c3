import type { Component } from '@kubecensus/shared/vocabulary';
import type { HttpAnswer } from '../servers/server-specification.ts';
import { type LabComponent, NOT_FOUND, nodeKey, OK } from './define-lab-component.ts';
import { selfSignedChain } from './self-signed.ts';

const NO_CACHE: readonly [string, string] = ['Cache-Control', 'no-cache, private'];

function uncached(answer: HttpAnswer): HttpAnswer {
  return { ...answer, headers: [NO_CACHE, ...answer.headers] };
}

/** Transcripts of 1.20.2: the API server's client authorities, a certificate for localhost, `/healthz` open to all. */
function controller(name: Component, port: number, delaySeconds: number): LabComponent {
  return {
    name,
    port,
    share: 0.12,
    play: ({ cluster, nodeIndex, apiTls, own }) => ({
      tls: {
        chain: selfSignedChain({
          host: 'localhost',
          names: ['DNS:localhost', 'DNS:localhost', 'IP:127.0.0.1'],
          startedAt: cluster.issuedAt + delaySeconds * 1000,
          key: nodeKey(cluster.keyIndex + nodeIndex),
          keyId: own.hex(40),
        }),
        ...(apiTls.clientCas === undefined ? {} : { clientCas: apiTls.clientCas }),
        ...(apiTls.go === undefined ? {} : { go: apiTls.go }),
      },
      answers: [
        ['/healthz', uncached(OK)],
        ['*', uncached(NOT_FOUND)],
      ],
      exposure: 'present',
      silence: null,
    }),
  };
}

export const controllerManager = controller('kube-controller-manager', 10_257, 4);
export const scheduler = controller('kube-scheduler', 10_259, 5);
