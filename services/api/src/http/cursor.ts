import { parseAddress } from '@kubecensus/shared/addresses';
import { KubecensusError } from '@kubecensus/shared/errors';
import { COMPONENTS } from '@kubecensus/shared/vocabulary';
import type { EndpointPlace } from '../queries/search-endpoints.ts';

/** Where a list of endpoints goes on: in which census, and behind which endpoint. */
export interface Cursor {
  seriesId: number;
  censusNumber: number;
  place: EndpointPlace;
}

export function toCursor({ seriesId, censusNumber, place }: Cursor): string {
  const parts = [seriesId, censusNumber, place.address, place.port, place.component];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** @throws {KubecensusError} API_CURSOR_INVALID */
export function parseCursor(text: string): Cursor {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (Array.isArray(parts) && parts.length === 5) {
      const [seriesId, censusNumber, address, port, component] = parts;
      const areNumbers = [seriesId, censusNumber, port].every(
        (one) => Number.isInteger(one) && one > 0 && one < 2 ** 31,
      );
      if (areNumbers && typeof address === 'string' && COMPONENTS.includes(component)) {
        parseAddress(address);
        return { seriesId, censusNumber, place: { address, port, component } };
      }
    }
  } catch (caught) {
    if (!(caught instanceof SyntaxError || caught instanceof KubecensusError)) throw caught;
  }
  throw new KubecensusError('API_CURSOR_INVALID', 'the cursor is none that this api gave out; begin again without it');
}
