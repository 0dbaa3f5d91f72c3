-- The end of a census: endpoints of the series that it did not see are looked at again, hours later, so that "gone" is
-- proved and never inferred from one lost packet.
--
--   scans.state: running -> revisiting (some were not seen; their shards are planned at revisit_at) -> completed.
--
-- A revisit is planned in up to two rounds: what timed out in the first is looked at once more in the second. A
-- round's shards are rows of `shards` with kind 'revisit' whose start_index and end_index count `revisit_number`;
-- shard numbers go on after those of the scope. The prober sends one observation for each target of such a shard,
-- whatever its outcome; nothing is left out because it was refused.

ALTER TABLE scans ADD COLUMN revisit_at timestamptz;   -- not before; of the round that comes next
ALTER TABLE scans ADD COLUMN revisit_round smallint NOT NULL DEFAULT 0;   -- the round that was planned last

CREATE TABLE revisits (
  scan_id         bigint NOT NULL REFERENCES scans ON DELETE CASCADE,
  revisit_number  bigint NOT NULL,     -- 0, 1, 2 ... within the scan
  round           smallint NOT NULL CHECK (round IN (1, 2)),
  endpoint_id     bigint NOT NULL REFERENCES endpoints,
  address         inet NOT NULL,
  port            integer NOT NULL,
  component       text NOT NULL,
  outcome         text,                -- NULL until looked at; of several attempts the best
  outcome_rank    smallint,
  PRIMARY KEY (scan_id, revisit_number),
  UNIQUE (scan_id, round, endpoint_id)
);

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'kubecensus_prober') THEN
    EXECUTE 'GRANT SELECT ON revisits TO kubecensus_prober';
  END IF;
END $$;
