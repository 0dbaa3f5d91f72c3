-- Powers are apart: the prober meets strangers, so it may lease shards and use the queue, and nothing else.
-- The roles are made before the first migration; on a server where this user may not make roles there is one role.

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'kubecensus_prober') THEN
    EXECUTE 'GRANT USAGE ON SCHEMA public TO kubecensus_prober';
    EXECUTE 'GRANT SELECT ON scan_scopes, scans, exclusions TO kubecensus_prober';
    EXECUTE 'GRANT SELECT ON shards TO kubecensus_prober';
    EXECUTE 'GRANT UPDATE (state, attempt, lease_token, lease_until, leased_by, started_at, finished_at, '
         || 'batch_count, batches_committed, summary) ON shards TO kubecensus_prober';
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'kubecensus_reader') THEN
    EXECUTE 'GRANT USAGE ON SCHEMA public TO kubecensus_reader';
    EXECUTE 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO kubecensus_reader';
    EXECUTE 'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO kubecensus_reader';
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'kubecensus_writer') THEN
    EXECUTE 'GRANT USAGE ON SCHEMA public TO kubecensus_writer';
    EXECUTE 'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO kubecensus_writer';
    EXECUTE 'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kubecensus_writer';
    EXECUTE 'GRANT TEMPORARY ON DATABASE ' || quote_ident(current_database()) || ' TO kubecensus_writer';
    EXECUTE 'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO kubecensus_writer';
    EXECUTE 'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO kubecensus_writer';
  END IF;
END $$;
