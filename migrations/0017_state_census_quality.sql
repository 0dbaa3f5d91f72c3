-- How well a census saw, beside its coverage: summed over its shards when it closes (shared/src/census). NULL is "not
-- measured": a sample too small, no canaries, or a census of before. Shares are from 0 to 1.

ALTER TABLE censuses
  ADD COLUMN connects        bigint,             -- that stood
  ADD COLUMN slow_connects   bigint,             -- of those, after a SYN was sent again
  ADD COLUMN packets_lost    double precision,   -- lower bound
  ADD COLUMN targets_lost    double precision,   -- of those that answer, missed for it; lower bound
  ADD COLUMN loss_dials      bigint,             -- targets that had answered and were dialled once more
  ADD COLUMN loss_dials_lost bigint,             -- of those, that did not answer again
  ADD COLUMN canary_looks    bigint,
  ADD COLUMN canary_hits     bigint,
  ADD COLUMN canary_recall   double precision,   -- of the scan or of its revisits, whichever is lower
  ADD COLUMN starved         double precision,   -- share of its time in which the prober heard answers late
  ADD COLUMN longest_lag_ms  bigint,
  -- False: too few canaries were recognised to call anything gone that was not seen.
  ADD COLUMN calls_gone      boolean NOT NULL DEFAULT true;

-- low-recall: by its revisits it would be gone, in a census that may not call anything so. The server named the check by
-- itself, and each month has one of its own beside the one that it inherits.
DO $$
DECLARE
  old record;
BEGIN
  FOR old IN
    SELECT conrelid::regclass AS part, conname AS name FROM pg_constraint
    WHERE contype = 'c' AND pg_get_constraintdef(oid) LIKE '%reason%'
      AND (conrelid = 'absences'::regclass
           OR conrelid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'absences'::regclass))
    ORDER BY conrelid <> 'absences'::regclass   -- what is inherited can be dropped of the whole alone
  LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I', old.part, old.name);
  END LOOP;
END $$;
ALTER TABLE absences ADD CONSTRAINT absences_reason_check CHECK (reason IN ('not-reached', 'low-recall'));
