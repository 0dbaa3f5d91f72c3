import { COMPONENTS, EXPOSURES } from '@kubecensus/shared/vocabulary';
import { expect, test } from 'vitest';
import { toRemedy } from './remedies.ts';

test('every component at every exposure has one or two lines that close it', () => {
  for (const component of COMPONENTS) {
    for (const exposure of EXPOSURES) {
      for (const distribution of [undefined, 'unknown', 'kubeadm', 'eks', 'k3s', 'talos']) {
        const lines = toRemedy(component, distribution, exposure);
        expect(lines.length, `${component} ${exposure} ${distribution}`).toBeGreaterThan(0);
        expect(lines.length).toBeLessThanOrEqual(2);
      }
    }
  }
});

test('the advice for a kubeadm API server leaves its anonymous health probes alone', () => {
  expect(toRemedy('kube-apiserver', 'kubeadm', 'says-version').join(' ')).toMatch(/public-info-viewer.*\/version/);
  expect(toRemedy('kube-apiserver', 'kubeadm', 'says-version').join(' ')).not.toContain('anonymous-auth=false');
  expect(toRemedy('kube-apiserver', 'eks', 'says-version')[0]).toContain('endpointPublicAccess=false');
});
