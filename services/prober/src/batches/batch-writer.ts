import { gzipSync } from 'node:zlib';
import { MAX_BATCH_BYTES, type Observation } from '@kubecensus/shared/messages';

/** Compressed bytes that fit into a batch once base64 has made four characters of every three bytes. */
const MAX_PACKED_BYTES = Math.floor(MAX_BATCH_BYTES / 4) * 3;
/**
 * Text that goes into one gzip member, unless one line is longer. More than a deflate window, so a longer member would
 * gain little; and at three bytes a character at most, several lines together always fit into a batch.
 */
const MEMBER_CHARACTERS = 48 * 1024;
/** Text in one batch, however well it packs: a thousand answers of 64 KB zeros may not unpack to 64 MB at once. */
export const MAX_UNPACKED_CHARACTERS = 4 * 1024 * 1024;

export interface BatchWriter {
  /** The batches that are full with this observation; most often none. */
  add(observation: Observation): string[];
  /** What is left, as batches; empty where nothing is. */
  flush(): string[];
  /** Observations added and not yet given out. */
  readonly waiting: number;
  /** Observations that would not fit into a batch by themselves: they were dropped and must be counted. */
  readonly tooLarge: number;
}

/**
 * Packs observations into the text of `observationBatchSchema`: JSON lines, gzipped in members that simply follow one
 * another (RFC 1952 section 2.2), then base64. A member is packed once, so a full batch is known without packing twice.
 */
export function createBatchWriter(): BatchWriter {
  let lines: string[] = [];
  let characters = 0;
  let members: Buffer[] = [];
  let packedBytes = 0;
  let unpackedCharacters = 0;
  let waiting = 0;
  let inMembers = 0;
  let tooLarge = 0;

  const giveOut = (): string[] => {
    if (members.length === 0) return [];
    const batch = Buffer.concat(members).toString('base64');
    waiting -= inMembers;
    members = [];
    packedBytes = 0;
    unpackedCharacters = 0;
    inMembers = 0;
    return [batch];
  };

  const closeMember = (): string[] => {
    if (lines.length === 0) return [];
    const full: string[] = [];
    const member = gzipSync(lines.join(''));
    if (member.length > MAX_PACKED_BYTES) {
      tooLarge += 1;
      waiting -= 1;
    } else {
      if (packedBytes + member.length > MAX_PACKED_BYTES || unpackedCharacters + characters > MAX_UNPACKED_CHARACTERS) {
        full.push(...giveOut());
      }
      members.push(member);
      packedBytes += member.length;
      unpackedCharacters += characters;
      inMembers += lines.length;
    }
    lines = [];
    characters = 0;
    return full;
  };

  return {
    add(observation) {
      const line = `${JSON.stringify(observation)}\n`;
      const full = lines.length > 0 && characters + line.length > MEMBER_CHARACTERS ? closeMember() : [];
      lines.push(line);
      characters += line.length;
      waiting += 1;
      if (characters >= MEMBER_CHARACTERS) full.push(...closeMember());
      return full;
    },
    flush() {
      const full = closeMember();
      return [...full, ...giveOut()];
    },
    get waiting() {
      return waiting;
    },
    get tooLarge() {
      return tooLarge;
    },
  };
}
