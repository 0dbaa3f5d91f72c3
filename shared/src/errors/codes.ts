/** 1: the command failed or found something; 2: it was asked for something that it refuses or cannot read. */
export type ExitCode = 1 | 2;

interface ErrorEntry {
  readonly exitCode: ExitCode;
  readonly meaning: string;
}

const failed = 1;
const usage = 2;

/**
 * Every coded error of the product, in order; the first word is its area. A code is never renamed, and never used again
 * for something else. docs/errors.md says of each what to do; a test holds the two together.
 */
export const ERROR_CODES = {
  ADDRESS_HOST_BITS: { exitCode: usage, meaning: 'a prefix with bits set after its length' },
  ADDRESS_HOST_NAME: { exitCode: usage, meaning: 'a host name where an address belongs; names are never looked up' },
  ADDRESS_INDEX: { exitCode: failed, meaning: 'an index outside its set of addresses or targets' },
  ADDRESS_IPV4_MAPPED: { exitCode: usage, meaning: 'an IPv4-mapped IPv6 address as a target' },
  ADDRESS_KEY: { exitCode: failed, meaning: 'a key of a permutation that is not 16 or 32 bytes' },
  ADDRESS_LINE_TOO_LONG: { exitCode: usage, meaning: 'a line of a list that is longer than a record can be' },
  ADDRESS_LIST_EMPTY: { exitCode: usage, meaning: 'a list that names no target' },
  ADDRESS_LIST_ENCODING: { exitCode: usage, meaning: 'a list that is not UTF-8 text' },
  ADDRESS_LIST_UNREADABLE: { exitCode: usage, meaning: 'a list that cannot be read' },
  ADDRESS_LIST_WRONG: { exitCode: usage, meaning: 'several wrong lines in lists of targets, each with its own code' },
  ADDRESS_MALFORMED: { exitCode: usage, meaning: 'text that is no address' },
  ADDRESS_PORT: { exitCode: usage, meaning: 'a port outside 1 to 65535, or where none belongs' },
  ADDRESS_PREFIX_LENGTH: { exitCode: usage, meaning: 'a prefix without a length of its family' },
  ADDRESS_RANGES_OVERLAP: {
    exitCode: usage,
    meaning: 'a range that shares addresses with another one, or with an address that is named by itself',
  },
  ADDRESS_RANGE_FAMILIES: { exitCode: usage, meaning: 'a range from an address of one family to one of the other' },
  ADDRESS_RANGE_ORDER: { exitCode: usage, meaning: 'a range that ends before it begins' },
  ADDRESS_SET_BYTES: { exitCode: failed, meaning: 'the stored bytes of a set of addresses are none' },
  ADDRESS_SET_TOO_LARGE: { exitCode: usage, meaning: 'more targets than one scan can hold' },
  ADDRESS_SOURCE_UNKNOWN: { exitCode: usage, meaning: 'no source of targets has that name' },
  ADDRESS_ZONE: { exitCode: usage, meaning: 'an address with a zone, which means something on one machine only' },

  API_CURSOR_INVALID: { exitCode: usage, meaning: 'a cursor that the api did not give out' },
  API_FAILED: { exitCode: failed, meaning: 'a request that the api could not answer' },
  API_FORBIDDEN: { exitCode: usage, meaning: 'a request that the role of its key may not make' },
  API_KEYS_NEEDED: { exitCode: usage, meaning: 'an address beyond loopback for an api without keys' },
  API_KEY_INVALID: { exitCode: usage, meaning: 'a key that is unknown, revoked or expired' },
  API_KEY_MISSING: { exitCode: usage, meaning: 'a request that needs a key, without one' },
  API_METHOD_NOT_ALLOWED: { exitCode: usage, meaning: 'a path of the api asked by a method that it does not take' },
  API_NOT_FOUND: { exitCode: usage, meaning: 'a path that the api does not have' },
  API_RATE_LIMITED: { exitCode: usage, meaning: 'more requests than are allowed in their time' },
  API_REQUEST_INVALID: { exitCode: usage, meaning: 'a request with parameters that are not of its schema' },
  API_STREAMS_EXCEEDED: { exitCode: usage, meaning: 'more streams at once than one key may read' },
  API_TIMEOUT: { exitCode: failed, meaning: 'a question that took too long' },

  CANARY_UNKNOWN: { exitCode: usage, meaning: 'no canary in use has that number' },

  CHECK_TOO_LARGE: { exitCode: usage, meaning: 'more targets than one check is for' },

  COMMAND_LINE_INVALID: {
    exitCode: usage,
    meaning: 'a command line with an option, an argument or a value that there is not',
  },

  CONFIG_INVALID: { exitCode: usage, meaning: 'an environment variable holds a value that cannot be used' },

  DATABASE_BUSY: { exitCode: failed, meaning: 'another process owns the data directory' },
  DATABASE_DATA_DIR_INVALID: { exitCode: usage, meaning: 'the data directory cannot be used as one' },
  DATABASE_DATA_MISSING: { exitCode: failed, meaning: 'the data directory points to data that is not there' },
  DATABASE_INIT_FAILED: { exitCode: failed, meaning: 'the embedded server could not lay out its data directory' },
  DATABASE_LOST: { exitCode: failed, meaning: 'the PostgreSQL server went away while a command was at work' },
  DATABASE_MIGRATION_CHANGED: {
    exitCode: failed,
    meaning: 'an applied migration differs from the file of that number',
  },
  DATABASE_MIGRATION_FAILED: {
    exitCode: failed,
    meaning: 'a migration was refused by the server; nothing of it was kept',
  },
  DATABASE_MIGRATION_MISNAMED: {
    exitCode: failed,
    meaning: 'a file among the migrations breaks the naming or the numbering',
  },
  DATABASE_PLATFORM_UNSUPPORTED: { exitCode: failed, meaning: 'there are no server binaries for this platform' },
  DATABASE_SCHEMA_NEWER: { exitCode: failed, meaning: 'the database was migrated by a newer kubecensus' },
  DATABASE_SCHEMA_OLDER: { exitCode: failed, meaning: 'the database lacks migrations that this kubecensus needs' },
  DATABASE_SERVER_TOO_OLD: { exitCode: failed, meaning: 'the PostgreSQL server is older than the oldest supported' },
  DATABASE_START_FAILED: { exitCode: failed, meaning: 'the embedded server ended before it accepted connections' },
  DATABASE_STOP_FAILED: { exitCode: failed, meaning: 'the embedded server did not stop in time' },
  DATABASE_UNREACHABLE: { exitCode: failed, meaning: 'no connection to the PostgreSQL server of DATABASE_URL' },
  DATABASE_URL_INVALID: { exitCode: usage, meaning: 'DATABASE_URL is no PostgreSQL address' },
  DATABASE_VERSION_MISMATCH: {
    exitCode: failed,
    meaning: 'the data directory was written by another PostgreSQL major',
  },

  EXCLUSION_UNKNOWN: { exitCode: usage, meaning: 'no exclusion in force has that number or range' },

  EXPORT_SAMPLE_INVALID: { exitCode: usage, meaning: 'a share for a sample that is none' },
  EXPORT_UNWRITABLE: { exitCode: failed, meaning: 'the file of an export cannot be written' },

  HISTORY_MANIFEST_UNREADABLE: { exitCode: failed, meaning: 'the manifest of a published history cannot be read' },
  HISTORY_NOT_PUBLISHED: { exitCode: usage, meaning: 'a question about the history of a series that is not published' },

  IDENTITY_UNWRITABLE: { exitCode: failed, meaning: 'the files that tell who scans cannot be written' },

  IMPORT_EMPTY: { exitCode: usage, meaning: 'a file without a line that could be taken in' },
  IMPORT_REFUSED: { exitCode: usage, meaning: 'a file with lines that are refused; nothing of it was taken in' },

  JOURNAL_MISSING: { exitCode: usage, meaning: 'a probe of public ranges without a journal' },
  JOURNAL_UNWRITABLE: { exitCode: failed, meaning: 'the journal of a probe cannot be written' },

  KUBERNETES_TABLE_MALFORMED: {
    exitCode: usage,
    meaning: 'a table of releases, support or advisories with a wrong line',
  },

  LAB_ADDRESS_UNAVAILABLE: { exitCode: failed, meaning: 'the lab cannot listen at an address and port of its block' },
  LAB_ENDED: { exitCode: failed, meaning: 'the process that plays the lab ended before it was told to' },
  LAB_FAILED: { exitCode: failed, meaning: 'the lab failed for a reason that was not foreseen' },
  LAB_HOSTS_INVALID: { exitCode: usage, meaning: 'a number of hosts that the lab cannot play' },
  LAB_NETWORK_INVALID: { exitCode: usage, meaning: 'a block for the lab that is not in 127.0.0.0/8, or not aligned' },
  LAB_NETWORK_TAKEN: { exitCode: failed, meaning: 'other labs hold every block that was tried' },
  LAB_TRUTH_UNWRITABLE: { exitCode: failed, meaning: "the file for the lab's truth cannot be written" },
  LAB_WEEK_INVALID: { exitCode: usage, meaning: 'a week that the lab does not have' },

  LIFECYCLE_STATE_WRONG: { exitCode: failed, meaning: 'a part was started twice or used after its close' },

  LOCAL_UNREADABLE: { exitCode: failed, meaning: "the machine's own tables of sockets cannot be read" },

  OWNER_RANGE_UNPROVABLE: {
    exitCode: usage,
    meaning: 'a range that no reverse zones cover, so that nobody can prove it',
  },

  PROBER_KEEPS_DYING: { exitCode: failed, meaning: 'prober processes die as fast as they are started' },
  PROBER_LOCAL_TROUBLE: {
    exitCode: failed,
    meaning: 'this machine is out of descriptors, ports or memory, or its packet filter is in the way',
  },
  PROBER_RUN_FAILED: { exitCode: failed, meaning: 'a shard could not be looked at to its end' },
  PROBER_THREAD_ENDED: { exitCode: failed, meaning: 'the thread that probes ended while shards were under way' },

  QUERY_CENSUSES_ORDER: {
    exitCode: usage,
    meaning: 'a difference of two censuses of which the first is not the earlier one',
  },
  QUERY_CENSUS_UNKNOWN: { exitCode: usage, meaning: 'a question about a census that is not in the record' },
  QUERY_DIMENSION_UNKNOWN: { exitCode: usage, meaning: 'counts split by something that is no dimension' },
  QUERY_FIELD_NOT_TRENDABLE: {
    exitCode: usage,
    meaning: 'a trend by or over a field that is known of one moment only',
  },
  QUERY_FIELD_UNKNOWN: { exitCode: usage, meaning: 'a query names a field that there is not' },
  QUERY_SCAN_UNKNOWN: { exitCode: usage, meaning: 'a question about a scan that is not in the record' },
  QUERY_SERIES_UNKNOWN: { exitCode: usage, meaning: 'a question about a series that is not in the record' },
  QUERY_SUBJECT_UNPUBLISHED: { exitCode: usage, meaning: 'a count by a query of something that is never published' },
  QUERY_SYNTAX: { exitCode: usage, meaning: 'a query that does not follow the grammar' },
  QUERY_TIMEOUT: { exitCode: failed, meaning: 'a question that took longer than it may' },
  QUERY_TOO_LARGE: { exitCode: usage, meaning: 'a query longer, deeper or with more terms than is allowed' },
  QUERY_VALUE_INVALID: { exitCode: usage, meaning: 'a value in a query that its field cannot have' },

  QUEUE_ADD_FAILED: { exitCode: failed, meaning: 'the queue refused a message for a reason that is not known' },
  QUEUE_CLOSED: { exitCode: failed, meaning: 'the queue was used after its close' },
  QUEUE_FORBIDDEN: { exitCode: failed, meaning: 'the queue server refused the user, the password or the right' },
  QUEUE_FULL: { exitCode: failed, meaning: 'the queue server has no room left or takes no writes' },
  QUEUE_ID_INVALID: { exitCode: failed, meaning: 'a message id that the queue cannot carry' },
  QUEUE_JOB_HANDED_BACK: {
    exitCode: failed,
    meaning: 'a stop came before the work on a message was done; it is delivered again',
  },
  QUEUE_JOB_LOST: {
    exitCode: failed,
    meaning: 'the queue gave the message to another process, for this one was taken for dead',
  },
  QUEUE_MESSAGE_INVALID: { exitCode: failed, meaning: 'a message that is not of its schema' },
  QUEUE_MESSAGE_TOO_LARGE: { exitCode: failed, meaning: 'a message above the largest size' },
  QUEUE_MESSAGE_UNSTORABLE: {
    exitCode: failed,
    meaning: 'text with a NUL or half a surrogate pair, which jsonb cannot hold',
  },
  QUEUE_SCHEMA_MISSING: { exitCode: failed, meaning: "the queue's tables are not in the database, or not all of them" },
  QUEUE_SERVER_UNFIT: { exitCode: failed, meaning: 'a Redis that may lose messages or is too old' },
  QUEUE_UNREACHABLE: { exitCode: failed, meaning: 'no answer from the queue server' },
  QUEUE_URL_INVALID: { exitCode: usage, meaning: 'the queue address is no Redis and no PostgreSQL address' },
  QUEUE_WORK_FINAL: { exitCode: failed, meaning: 'work that cannot succeed when it is tried again' },

  RECEIPT_UNREADABLE: { exitCode: usage, meaning: 'a file that is no signed document of kubecensus' },

  SCAN_CONTACT_MISSING: { exitCode: usage, meaning: 'a public range without the operator URL or mail address' },
  SCAN_CONTACT_PLACEHOLDER: { exitCode: usage, meaning: 'the operator URL or mail address reaches nobody' },
  SCAN_EXCLUSIONS_UNREADABLE: {
    exitCode: failed,
    meaning: 'the list of exclusions cannot be read, so nothing is planned',
  },
  SCAN_NOTHING_LEFT: { exitCode: usage, meaning: 'no target is left once what may not be looked at is taken out' },
  SCAN_PRIVATE_REFUSED: { exitCode: usage, meaning: 'a private range without permission to look at it' },
  SCAN_PURPOSE_MISSING: { exitCode: usage, meaning: 'a public range without a purpose' },
  SCAN_RATE_INVALID: { exitCode: usage, meaning: 'the rate is no whole number of connects per second in its bounds' },
  SCAN_RATE_MISSING: { exitCode: usage, meaning: 'a public range without a rate' },
  SCAN_SPECIAL_REFUSED: {
    exitCode: usage,
    meaning: 'a range of the special-purpose registries, which is never looked at',
  },
  SCAN_UNKNOWN: { exitCode: usage, meaning: 'there is no scan of that number' },

  SCOPE_BYTES_INVALID: { exitCode: failed, meaning: 'the stored bytes of a scope are no scope' },

  SIGNING_KEY_UNUSABLE: { exitCode: failed, meaning: 'the key of the data directory cannot be read or made' },

  STORE_EMPTY: { exitCode: failed, meaning: 'a question to a data directory in which nothing was ever stored' },

  SYSTEM_CALL_REFUSED: {
    exitCode: failed,
    meaning: 'the system refused what was asked of it, and no other code says more',
  },
  SYSTEM_FILES_EXHAUSTED: { exitCode: failed, meaning: 'this process may not open as many files as it needs' },

  TABLE_FILE_UNREADABLE: { exitCode: usage, meaning: 'a file that a table is to be refreshed from cannot be read' },
  TABLE_OLDER: { exitCode: usage, meaning: 'a file that is older than the table in force' },
  TABLE_UNKNOWN: { exitCode: usage, meaning: 'no table has that name' },
  TABLE_UNUSABLE: { exitCode: failed, meaning: 'a refreshed table in the directory of tables cannot be used' },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;
