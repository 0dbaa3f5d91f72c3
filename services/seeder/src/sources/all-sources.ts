import { asn } from './asn.ts';
import { country } from './country.ts';
import type { LookupSource, RecordSource, TextSource } from './define-source.ts';
import { due } from './due.ts';
import { lines } from './lines.ts';
import { masscanJson } from './masscan-json.ts';
import { masscanList } from './masscan-list.ts';
import { naabuCsv } from './naabu-csv.ts';
import { naabuJson } from './naabu-json.ts';
import { nmapXml } from './nmap-xml.ts';
import { zgrab2Lines } from './zgrab2-lines.ts';
import { zmapCsv } from './zmap-csv.ts';

/** In the order in which they are asked whether they recognise a text; `lines` takes what is left. */
export const TEXT_SOURCES: readonly TextSource[] = [
  nmapXml,
  masscanList,
  masscanJson,
  zgrab2Lines,
  naabuJson,
  zmapCsv,
  naabuCsv,
  lines,
];

export const LOOKUP_SOURCES: readonly LookupSource[] = [asn, country];

export const RECORD_SOURCES: readonly RecordSource[] = [due];
