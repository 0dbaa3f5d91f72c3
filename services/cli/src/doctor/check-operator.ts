import { assertOperatorContact } from '@kubecensus/seeder';
import type { SharedConfig } from '@kubecensus/shared/config';
import { KubecensusError } from '@kubecensus/shared/errors';
import { bad, type Finding, ok, warn } from './finding.ts';

const STEP = 'set KUBECENSUS_OPERATOR_URL and KUBECENSUS_OPERATOR_MAIL, or give them with each public scan';

export function checkOperator({
  operatorUrl,
  operatorMail,
}: Pick<SharedConfig, 'operatorUrl' | 'operatorMail'>): Finding {
  if (operatorUrl === undefined && operatorMail === undefined) {
    return warn('operator', 'no contact is configured, so public ranges are refused', STEP);
  }
  try {
    const { url, mail } = assertOperatorContact({ url: operatorUrl, mail: operatorMail });
    return ok('operator', `${url}, ${mail}`);
  } catch (caught) {
    if (!(caught instanceof KubecensusError)) throw caught;
    return bad('operator', caught.message.split(';')[0] ?? caught.message, STEP);
  }
}
