import { availableParallelism, totalmem } from 'node:os';

const MIB = 1024 * 1024;

/** Settings of the embedded server, given on its command line, so that a new kubecensus brings its own to old data. */
export function toServerSettings(socketDir: string): Record<string, string | number> {
  const memoryMib = totalmem() / MIB;
  return {
    // No TCP: a socket in a directory that nobody else may enter is all that this machine needs.
    listen_addresses: '',
    unix_socket_directories: `"${socketDir.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    password_encryption: 'scram-sha-256',
    // One command holds some 40; each prober process, one a core, up to six.
    max_connections: 100 + 6 * availableParallelism(),
    // A sixteenth of the memory is enough for the working set; the system's cache holds the rest.
    shared_buffers: `${Math.round(Math.min(256, Math.max(32, memoryMib / 16)))}MB`,
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    random_page_cost: 1.1,
    jit: 'off',
    // What was committed is on the disk: the queue acknowledges by it.
    fsync: 'on',
    synchronous_commit: 'on',
    // One server, no replicas: only what a recovery needs is logged.
    wal_level: 'minimal',
    max_wal_senders: 0,
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    // The queue's rows come and go by the second.
    autovacuum_naptime: '10s',
    log_checkpoints: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
}
