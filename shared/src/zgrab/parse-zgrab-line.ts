import { Compile } from 'typebox/compile';
import { formatAddress, parseAddress } from '../addresses/index.ts';
import { toError } from '../errors/index.ts';
import { parseVersionDocument } from '../kubernetes/index.ts';
import {
  IDENTIFYING_HEADERS,
  MAX_BODY_BYTES,
  MAX_CHAIN,
  type Observation,
  observationSchema,
} from '../messages/index.ts';
import { COMPONENTS, type Component, OUTCOMES, PRESENT_REASONS } from '../vocabulary/index.ts';

/** `none`: a target where nothing was found. A problem is told without the line: that is a stranger's text. */
export type ZgrabFinding =
  | { kind: 'found'; observation: Observation }
  | { kind: 'none' }
  | { kind: 'refused'; problem: string };

type Json = Readonly<Record<string, unknown>>;

const validator = Compile(observationSchema);

/**
 * The findings of one line of zgrab2: our own, whose modules are components, and those of zgrab2's `tls` and `http`
 * (zmap/zgrab2: modules/tls.go, modules/http/scanner.go), of which the certificates, and of `http` the answer, are taken.
 * @param defaultPort of lines that name none, as older versions of zgrab2 write
 */
export function parseZgrabLine(line: Json, defaultPort?: number): ZgrabFinding[] {
  const { ip, data } = line;
  if (typeof ip !== 'string' || !isObject(data))
    return [{ kind: 'refused', problem: 'no line of zgrab2: ip and data are missing' }];
  let address: string;
  try {
    address = formatAddress(parseAddress(ip));
  } catch (caught) {
    return [{ kind: 'refused', problem: toError(caught).message }];
  }
  const modules = Object.entries(data);
  if (modules.length === 0) return [{ kind: 'none' }];
  return modules.map(([name, module]) => parseModule(address, name, module, defaultPort));
}

function parseModule(address: string, name: string, module: unknown, defaultPort: number | undefined): ZgrabFinding {
  const refuse = (problem: string): ZgrabFinding => ({
    kind: 'refused',
    problem: `${JSON.stringify(name.slice(0, 40))}: ${problem}`,
  });
  if (!isObject(module)) return refuse('no result of a module');
  const isOwn = (COMPONENTS as readonly string[]).includes(name);
  if (!isOwn && name !== 'tls' && name !== 'http')
    return refuse('a module that is not taken; components, tls and http are');
  if (!isObject(module.result)) return { kind: 'none' };
  const port = module.port ?? defaultPort;
  if (typeof port !== 'number') return refuse('the line names no port; give one for such lines');
  const observedAt = typeof module.timestamp === 'string' ? Date.parse(module.timestamp) : Number.NaN;
  if (Number.isNaN(observedAt)) return refuse('no timestamp that can be read');
  const parts = isOwn ? toOwnParts(name as Component, module, module.result) : toForeignParts(name, module.result);
  if (parts === undefined) return { kind: 'none' };
  const observation = { address, port, observedAt, durationMs: 0, ...parts };
  if (validator.Check(observation)) return { kind: 'found', observation };
  const [first] = validator.Errors(observation);
  return refuse(first === undefined ? 'no observation' : `${first.instancePath || '/'} ${first.message}`);
}

type Parts = Partial<Record<keyof Observation, unknown>>;

function toOwnParts(component: Component, module: Json, result: Json): Parts | undefined {
  const [outcome = '', reason] = typeof module.error === 'string' ? module.error.split(': ') : ['answered'];
  if (!['answered', 'present', 'look-alike'].includes(outcome) || !(OUTCOMES as readonly string[]).includes(outcome)) {
    return undefined;
  }
  const isReason = reason !== undefined && (PRESENT_REASONS as readonly string[]).includes(reason);
  return {
    component,
    outcome,
    ...(isReason && { reason }),
    ...(module.second_connection !== undefined && { secondConnection: module.second_connection }),
    ...(module.possession !== undefined && { possession: module.possession }),
    evidence: {
      ...toChain(
        [toRaw(result.certificate), ...(Array.isArray(result.chain) ? result.chain : [])],
        result.chain_length,
      ),
      ...toFirstFlight(result.tls),
      ...toResponse(result.response),
    },
  };
}

function toFirstFlight(tls: unknown): { firstFlight?: unknown } {
  if (!isObject(tls)) return {};
  const request = tls.certificate_request;
  return {
    firstFlight: {
      tlsVersion: tls.version,
      cipherSuite: tls.cipher_suite,
      ...(tls.curve !== undefined && { curve: tls.curve }),
      ...(tls.signature_algorithm !== undefined && { signatureAlgorithm: tls.signature_algorithm }),
      extensions: tls.extensions,
      extendedMasterSecret: tls.extended_master_secret,
      downgradeMark: tls.downgrade_mark,
      sessionIdLength: tls.session_id_length ?? 0,
      certificateRequest: isObject(request)
        ? { types: request.types, signatureAlgorithms: request.signature_algorithms, clientCas: request.client_cas_raw }
        : request,
      serverHello: tls.server_hello ?? '',
    },
  };
}

/** Another scanner's: what it saw of an API server, as far as it is the same evidence as ours. */
function toForeignParts(name: string, result: Json): Parts | undefined {
  const response = name === 'http' && isObject(result.response) ? result.response : undefined;
  const log = name === 'tls' ? result : isObject(response?.request) ? response.request.tls_log : undefined;
  const handshake = isObject(log) ? log.handshake_log : undefined;
  const shown = isObject(handshake) ? handshake.server_certificates : undefined;
  const chain = isObject(shown)
    ? [shown.certificate, ...(Array.isArray(shown.chain) ? shown.chain : [])].map(toRaw)
    : [];
  const answer = toResponse(
    response === undefined ? undefined : { ...response, headers: toHeaderList(response.headers) },
  );
  const evidence = { ...toChain(chain, undefined), ...answer };
  if (evidence.chain.length === 0) return undefined;
  const isAnswered = answer.response !== undefined;
  return {
    component: 'kube-apiserver',
    outcome: isAnswered ? toAnsweredOutcome(answer.response) : 'present',
    ...(!isAnswered && { reason: 'first-flight-only' }),
    evidence,
  };
}

function toAnsweredOutcome(response: unknown): string {
  if (!isObject(response) || response.status !== 200) return 'answered';
  const verdict = parseVersionDocument(Buffer.from(String(response.body), 'base64').toString('utf8'));
  return verdict.kind === 'look-alike' ? 'look-alike' : 'answered';
}

function toChain(raws: readonly unknown[], length: unknown): { chain: unknown[]; chainLength: unknown } {
  const chain = raws.filter((raw) => raw !== undefined);
  return { chain: chain.slice(0, MAX_CHAIN), chainLength: length ?? chain.length };
}

function toRaw(certificate: unknown): unknown {
  return isObject(certificate) ? certificate.raw : undefined;
}

function toResponse(response: unknown): { response?: unknown } {
  if (!isObject(response) || typeof response.status_code !== 'number') return {};
  const body = typeof response.body === 'string' ? Buffer.from(response.body) : Buffer.alloc(0);
  const raw = response.body_raw ?? body.subarray(0, MAX_BODY_BYTES).toString('base64');
  return { response: { status: response.status_code, headers: response.headers ?? [], body: raw } };
}

/** zgrab2 writes the names with _ and lists of values. */
function toHeaderList(headers: unknown): [string, string][] {
  if (!isObject(headers)) return [];
  return Object.entries(headers).flatMap(([name, values]): [string, string][] => {
    const spelled = name.replaceAll('_', '-').toLowerCase();
    const [value] = Array.isArray(values) ? values : [values];
    return IDENTIFYING_HEADERS.has(spelled) && typeof value === 'string' ? [[spelled, value.slice(0, 2000)]] : [];
  });
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
