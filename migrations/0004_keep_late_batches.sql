-- Batches of an earlier attempt that came after their scan was closed. A closed census is never silently rewritten,
-- so they change nothing; they are kept as they came, for a revision to take in.

CREATE TABLE late_batches (
  scan_id       bigint NOT NULL REFERENCES scans ON DELETE CASCADE,
  shard_number  integer NOT NULL,
  attempt       integer NOT NULL,
  batch_number  integer NOT NULL,
  observations  text NOT NULL,   -- the message's own base64, see shared/src/messages/observation-batch.ts
  arrived_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (scan_id, shard_number, attempt, batch_number)
);
