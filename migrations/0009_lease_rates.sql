-- A scan's rate is a whole that its probers share: each has a part of it for a few seconds and asks again. The parts that
-- run never come to more than scans.rate, also while a prober joins or dies.

CREATE TABLE rate_leases (
  scan_id     bigint NOT NULL REFERENCES scans ON DELETE CASCADE,
  prober      text NOT NULL,
  per_second  double precision NOT NULL CHECK (per_second >= 0),
  runs_until  timestamptz NOT NULL,
  PRIMARY KEY (scan_id, prober)
);

-- Connects per second into one /24 (IPv4) or /48 (IPv6), all probers together; NULL: no cap.
ALTER TABLE scans ADD COLUMN prefix_rate real CHECK (prefix_rate > 0);

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'kubecensus_prober') THEN
    EXECUTE 'GRANT SELECT, INSERT, UPDATE, DELETE ON rate_leases TO kubecensus_prober';
  END IF;
END $$;
