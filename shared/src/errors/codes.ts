/** 1: the command failed or found something; 2: it was asked for something that it refuses or cannot read. */
export type ExitCode = 1 | 2;

interface ErrorEntry {
  /** Which part of the product raises it; the first word of the code. */
  readonly area: string;
  readonly meaning: string;
  readonly exitCode: ExitCode;
}

const failed = 1;
const usage = 2;

/**
 * Every coded error of the product, by area. A code is never renamed and never used again for something else.
 * docs/errors.md says of each what to do; a test holds the two together.
 */
export const ERROR_CODES = {
  ADDRESS_HOST_BITS: { area: 'ADDRESS', meaning: 'a prefix with bits set after its length', exitCode: usage },
  ADDRESS_HOST_NAME: {
    area: 'ADDRESS',
    meaning: 'a host name where an address belongs; names are never looked up',
    exitCode: usage,
  },
  ADDRESS_INDEX: { area: 'ADDRESS', meaning: 'an index outside its set of addresses or targets', exitCode: failed },
  ADDRESS_IPV4_MAPPED: { area: 'ADDRESS', meaning: 'an IPv4-mapped IPv6 address as a target', exitCode: usage },
  ADDRESS_KEY: { area: 'ADDRESS', meaning: 'a key of a permutation that is not 16 or 32 bytes', exitCode: failed },
  ADDRESS_LINE_TOO_LONG: {
    area: 'ADDRESS',
    meaning: 'a line of a list that is longer than a record can be',
    exitCode: usage,
  },
  ADDRESS_LIST_EMPTY: { area: 'ADDRESS', meaning: 'a list that names no target', exitCode: usage },
  ADDRESS_LIST_ENCODING: { area: 'ADDRESS', meaning: 'a list that is not UTF-8 text', exitCode: usage },
  ADDRESS_LIST_UNREADABLE: { area: 'ADDRESS', meaning: 'a list that cannot be read', exitCode: usage },
  ADDRESS_LIST_WRONG: {
    area: 'ADDRESS',
    meaning: 'several wrong lines in lists of targets, each with its own code',
    exitCode: usage,
  },
  ADDRESS_MALFORMED: { area: 'ADDRESS', meaning: 'text that is no address', exitCode: usage },
  ADDRESS_PORT: { area: 'ADDRESS', meaning: 'a port outside 1 to 65535, or where none belongs', exitCode: usage },
  ADDRESS_PREFIX_LENGTH: { area: 'ADDRESS', meaning: 'a prefix without a length of its family', exitCode: usage },
  ADDRESS_RANGE_FAMILIES: {
    area: 'ADDRESS',
    meaning: 'a range from an address of one family to one of the other',
    exitCode: usage,
  },
  ADDRESS_RANGE_ORDER: { area: 'ADDRESS', meaning: 'a range that ends before it begins', exitCode: usage },
  ADDRESS_RANGES_OVERLAP: { area: 'ADDRESS', meaning: 'ranges of one list that share addresses', exitCode: usage },
  ADDRESS_SET_BYTES: { area: 'ADDRESS', meaning: 'the stored bytes of a set of addresses are none', exitCode: failed },
  ADDRESS_SET_TOO_LARGE: { area: 'ADDRESS', meaning: 'more targets than one scan can hold', exitCode: usage },
  ADDRESS_ZONE: {
    area: 'ADDRESS',
    meaning: 'an address with a zone, which means something on one machine only',
    exitCode: usage,
  },

  CONFIG_INVALID: {
    area: 'CONFIG',
    meaning: 'an environment variable holds a value that cannot be used',
    exitCode: usage,
  },

  DATABASE_BUSY: { area: 'DATABASE', meaning: 'another process owns the data directory', exitCode: failed },
  DATABASE_DATA_DIR_INVALID: { area: 'DATABASE', meaning: 'the data directory cannot be used as one', exitCode: usage },
  DATABASE_DATA_MISSING: {
    area: 'DATABASE',
    meaning: 'the data directory points to data that is not there',
    exitCode: failed,
  },
  DATABASE_INIT_FAILED: {
    area: 'DATABASE',
    meaning: 'the embedded server could not lay out its data directory',
    exitCode: failed,
  },
  DATABASE_MIGRATION_CHANGED: {
    area: 'DATABASE',
    meaning: 'an applied migration differs from the file of that number',
    exitCode: failed,
  },
  DATABASE_MIGRATION_FAILED: {
    area: 'DATABASE',
    meaning: 'a migration was refused by the server; nothing of it was kept',
    exitCode: failed,
  },
  DATABASE_MIGRATION_MISNAMED: {
    area: 'DATABASE',
    meaning: 'a file among the migrations breaks the naming or the numbering',
    exitCode: failed,
  },
  DATABASE_PLATFORM_UNSUPPORTED: {
    area: 'DATABASE',
    meaning: 'there are no server binaries for this platform',
    exitCode: failed,
  },
  DATABASE_SCHEMA_NEWER: {
    area: 'DATABASE',
    meaning: 'the database was migrated by a newer kubecensus',
    exitCode: failed,
  },
  DATABASE_SCHEMA_OLDER: {
    area: 'DATABASE',
    meaning: 'the database lacks migrations that this kubecensus needs',
    exitCode: failed,
  },
  DATABASE_SERVER_TOO_OLD: {
    area: 'DATABASE',
    meaning: 'the PostgreSQL server is older than the oldest supported',
    exitCode: failed,
  },
  DATABASE_START_FAILED: {
    area: 'DATABASE',
    meaning: 'the embedded server ended before it accepted connections',
    exitCode: failed,
  },
  DATABASE_STOP_FAILED: { area: 'DATABASE', meaning: 'the embedded server did not stop in time', exitCode: failed },
  DATABASE_UNREACHABLE: {
    area: 'DATABASE',
    meaning: 'no connection to the PostgreSQL server of DATABASE_URL',
    exitCode: failed,
  },
  DATABASE_URL_INVALID: { area: 'DATABASE', meaning: 'DATABASE_URL is no PostgreSQL address', exitCode: usage },
  DATABASE_VERSION_MISMATCH: {
    area: 'DATABASE',
    meaning: 'the data directory was written by another PostgreSQL major',
    exitCode: failed,
  },

  LIFECYCLE_STATE_WRONG: {
    area: 'LIFECYCLE',
    meaning: 'a part was started twice or used after its close',
    exitCode: failed,
  },

  QUEUE_ADD_FAILED: {
    area: 'QUEUE',
    meaning: 'the queue refused a message for a reason that is not known',
    exitCode: failed,
  },
  QUEUE_CLOSED: { area: 'QUEUE', meaning: 'the queue was used after its close', exitCode: failed },
  QUEUE_FORBIDDEN: {
    area: 'QUEUE',
    meaning: 'the queue server refused the user, the password or the right',
    exitCode: failed,
  },
  QUEUE_FULL: { area: 'QUEUE', meaning: 'the queue server has no room left or takes no writes', exitCode: failed },
  QUEUE_ID_INVALID: { area: 'QUEUE', meaning: 'a message id that the queue cannot carry', exitCode: failed },
  QUEUE_JOB_HANDED_BACK: {
    area: 'QUEUE',
    meaning: 'a stop came before the work on a message was done; it is delivered again',
    exitCode: failed,
  },
  QUEUE_JOB_LOST: {
    area: 'QUEUE',
    meaning: 'the queue gave the message to another process, for this one was taken for dead',
    exitCode: failed,
  },
  QUEUE_MESSAGE_INVALID: { area: 'QUEUE', meaning: 'a message that is not of its schema', exitCode: failed },
  QUEUE_MESSAGE_TOO_LARGE: { area: 'QUEUE', meaning: 'a message above the largest size', exitCode: failed },
  QUEUE_MESSAGE_UNSTORABLE: {
    area: 'QUEUE',
    meaning: 'text with a NUL or half a surrogate pair, which jsonb cannot hold',
    exitCode: failed,
  },
  QUEUE_SCHEMA_MISSING: {
    area: 'QUEUE',
    meaning: "the queue's tables are not in the database, or not all of them",
    exitCode: failed,
  },
  QUEUE_SERVER_UNFIT: { area: 'QUEUE', meaning: 'a Redis that may lose messages or is too old', exitCode: failed },
  QUEUE_UNREACHABLE: { area: 'QUEUE', meaning: 'no answer from the queue server', exitCode: failed },
  QUEUE_URL_INVALID: {
    area: 'QUEUE',
    meaning: 'the queue address is no Redis and no PostgreSQL address',
    exitCode: usage,
  },
  QUEUE_WORK_FINAL: { area: 'QUEUE', meaning: 'work that cannot succeed when it is tried again', exitCode: failed },

  PROBER_THREAD_ENDED: {
    area: 'PROBER',
    meaning: 'the thread that probes ended while shards were under way',
    exitCode: failed,
  },

  SCAN_CONTACT_MISSING: {
    area: 'SCAN',
    meaning: 'a public range without the operator URL or mail address',
    exitCode: usage,
  },
  SCAN_CONTACT_PLACEHOLDER: {
    area: 'SCAN',
    meaning: 'the operator URL or mail address reaches nobody',
    exitCode: usage,
  },
  SCAN_EXCLUSIONS_UNREADABLE: {
    area: 'SCAN',
    meaning: 'the list of exclusions cannot be read, so nothing is planned',
    exitCode: failed,
  },
  SCAN_NOTHING_LEFT: {
    area: 'SCAN',
    meaning: 'no target is left once what may not be looked at is taken out',
    exitCode: usage,
  },
  SCAN_PRIVATE_REFUSED: { area: 'SCAN', meaning: 'a private range without permission to look at it', exitCode: usage },
  SCAN_PURPOSE_MISSING: { area: 'SCAN', meaning: 'a public range without a purpose', exitCode: usage },
  SCAN_RATE_INVALID: {
    area: 'SCAN',
    meaning: 'the rate is no whole number of connects per second in its bounds',
    exitCode: usage,
  },
  SCAN_RATE_MISSING: { area: 'SCAN', meaning: 'a public range without a rate', exitCode: usage },
  SCAN_SPECIAL_REFUSED: {
    area: 'SCAN',
    meaning: 'a range of the special-purpose registries, which is never looked at',
    exitCode: usage,
  },
  SCAN_UNKNOWN: { area: 'SCAN', meaning: 'there is no scan of that number', exitCode: usage },

  SCOPE_BYTES_INVALID: { area: 'SCOPE', meaning: 'the stored bytes of a scope are no scope', exitCode: failed },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;
