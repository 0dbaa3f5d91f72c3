-- What is to be looked at, and how far the looking has come.
-- A scan is frozen when it is planned: its scope, ports and permutation key never change afterwards.

CREATE TABLE scan_scopes (
  scope_hash    bytea PRIMARY KEY CHECK (octet_length(scope_hash) = 32),
  body          bytea NOT NULL,   -- canonical bytes: shared/src/addresses/scope.ts
  target_count  bigint NOT NULL CHECK (target_count BETWEEN 0 AND 4503599627370496),
  summary       text NOT NULL,    -- for people: "127.0.0.0/18 and 3 more, ports 443, 6443"
  created_at    timestamptz NOT NULL DEFAULT now()
);

-- A series compares like with like: what was asked for (before exclusions), and the method's major version.
CREATE TABLE series (
  series_id     integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  scope_hash    bytea NOT NULL CHECK (octet_length(scope_hash) = 32),
  method_major  integer NOT NULL,
  name          text NOT NULL UNIQUE,
  created_at    timestamptz NOT NULL DEFAULT now(),
  UNIQUE (scope_hash, method_major)
);

CREATE TABLE scans (
  scan_id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind             text NOT NULL CHECK (kind IN ('census', 'ad-hoc', 'check')),
  series_id        integer REFERENCES series,
  scope_hash       bytea NOT NULL REFERENCES scan_scopes,
  permutation_key  bytea NOT NULL CHECK (octet_length(permutation_key) = 32),
  target_count     bigint NOT NULL,
  shard_count      integer NOT NULL,
  rate             integer NOT NULL CHECK (rate > 0),  -- connects per second, all probers together
  as_of            timestamptz NOT NULL,               -- the date that answers give
  purpose          text NOT NULL,
  operator_url     text,
  operator_mail    text,
  method           jsonb NOT NULL,                     -- product version, deadlines, thorough or not
  vantage          text[] NOT NULL DEFAULT '{}',       -- source addresses
  state            text NOT NULL DEFAULT 'running'
                   CHECK (state IN ('running', 'revisiting', 'completed', 'aborted')),
  started_at       timestamptz NOT NULL DEFAULT now(),
  completed_at     timestamptz,
  CHECK ((kind = 'census') = (series_id IS NOT NULL))
);
-- At most one census of a series is under way.
CREATE UNIQUE INDEX scans_one_open_census ON scans (series_id) WHERE state IN ('running', 'revisiting');
CREATE INDEX scans_open ON scans (scan_id) WHERE state IN ('running', 'revisiting');

-- The truth about work; the queue only rings the bell.
--   pending -> queued (the seeder rang) -> leased (a prober has it) -> probed (all looked at) -> done (all committed)
--   queued or leased, and overdue -> pending again; leased or probed, and one of its batches given up -> pending again.
CREATE TABLE shards (
  scan_id            bigint NOT NULL REFERENCES scans ON DELETE CASCADE,
  shard_number       integer NOT NULL,
  kind               text NOT NULL DEFAULT 'scope' CHECK (kind IN ('scope', 'revisit')),
  start_index        bigint NOT NULL,   -- of the permutation, inclusive (revisit: of the scan's revisits)
  end_index          bigint NOT NULL,   -- exclusive
  state              text NOT NULL DEFAULT 'pending'
                     CHECK (state IN ('pending', 'queued', 'leased', 'probed', 'done')),
  attempt            integer NOT NULL DEFAULT 0,
  lease_token        uuid,
  lease_until        timestamptz,       -- queued: ring again after; leased: the prober is taken for dead after
  leased_by          text,
  started_at         timestamptz,
  finished_at        timestamptz,
  batch_count        integer,           -- named by the prober when all its targets are looked at
  batches_committed  integer NOT NULL DEFAULT 0,   -- of the current attempt
  summary            jsonb,             -- outcome -> count, and what else the prober counted
  PRIMARY KEY (scan_id, shard_number),
  CHECK (start_index < end_index)
) WITH (fillfactor = 70);
CREATE INDEX shards_waiting ON shards (scan_id, shard_number) WHERE state = 'pending';
CREATE INDEX shards_under_way ON shards (lease_until) WHERE state IN ('queued', 'leased');
CREATE INDEX shards_not_done ON shards (scan_id) WHERE state <> 'done';

-- A batch counts once, however often the queue delivers it: this row is inserted with its observations.
CREATE TABLE committed_batches (
  scan_id       bigint NOT NULL,
  shard_number  integer NOT NULL,
  attempt       integer NOT NULL,
  batch_number  integer NOT NULL,
  PRIMARY KEY (scan_id, shard_number, attempt, batch_number),
  FOREIGN KEY (scan_id, shard_number) REFERENCES shards ON DELETE CASCADE
);

-- Where nobody may look. Matched again immediately before every connect.
CREATE TABLE exclusions (
  exclusion_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  first_address inet NOT NULL,
  last_address  inet NOT NULL,
  valid_from    timestamptz NOT NULL DEFAULT now(),
  valid_until   timestamptz,
  reason        text NOT NULL,
  requested_by  text,
  created_at    timestamptz NOT NULL DEFAULT now(),
  CHECK (family(first_address) = family(last_address) AND first_address <= last_address)
);
CREATE FUNCTION notify_exclusions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('kubecensus_exclusions', '');
  RETURN NULL;
END $$;
CREATE TRIGGER exclusions_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON exclusions
  FOR EACH STATEMENT EXECUTE FUNCTION notify_exclusions();
