-- Attempts at a shard that did not come to their end: whoever asks whether and when an address was dialled is told of
-- them too. The attempt under way, and the one that ended well, stand in `shards`.

CREATE TABLE shard_attempts (
  scan_id       bigint NOT NULL,
  shard_number  integer NOT NULL,
  attempt       integer NOT NULL,
  prober        text NOT NULL,
  started_at    timestamptz NOT NULL,
  ended_at      timestamptz NOT NULL,   -- handed back, or taken for dead; nothing was dialled later
  PRIMARY KEY (scan_id, shard_number, attempt),
  FOREIGN KEY (scan_id, shard_number) REFERENCES shards ON DELETE CASCADE
);

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'kubecensus_prober') THEN
    EXECUTE 'GRANT SELECT, INSERT ON shard_attempts TO kubecensus_prober';
  END IF;
END $$;
