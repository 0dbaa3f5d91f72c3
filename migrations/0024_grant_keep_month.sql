-- The first census of a month makes the month's tables, which locks what they refer to. The indexer does so before the
-- transaction that closes it, so that for as long as a close takes, batches are stored and scans are planned.

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'kubecensus_writer') THEN
    EXECUTE 'GRANT EXECUTE ON FUNCTION keep_month(date) TO kubecensus_writer';
  END IF;
END $$;
