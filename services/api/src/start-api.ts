import { KubecensusError } from '@kubecensus/shared/errors';
import { createService, type Service } from '@kubecensus/shared/lifecycle';
import { type ApiOptions, createApi } from './create-api.ts';
import { hasKeys } from './queries/api-keys.ts';

export interface ListenOptions extends ApiOptions {
  host: string;
  port: number;
  /** Once it listens. */
  onListening?: (address: string) => void;
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|localhost)$/;

/**
 * The api on an address. Beyond loopback it refuses to start without keys: nobody opens a record to a network by leaving
 * something out.
 * @throws {KubecensusError} at start: API_KEYS_NEEDED
 */
export function createApiService(options: ListenOptions): Service {
  return createService('the api', async ({ onClose }) => {
    if (!LOOPBACK.test(options.host) && !(await hasKeys(options.pool))) {
      throw new KubecensusError(
        'API_KEYS_NEEDED',
        `the api does not listen on ${options.host} without keys; make one, or leave API_HOST at 127.0.0.1`,
      );
    }
    const app = await createApi(options);
    onClose('server', () => app.close());
    options.onListening?.(await app.listen({ host: options.host, port: options.port }));
  });
}
