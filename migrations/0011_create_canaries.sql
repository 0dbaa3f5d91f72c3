-- Endpoints of the operator's own that are known to answer. Every shard looks at some of them beside its targets, so that
-- each census can say how much of what was there it would have seen. They are counted apart and never recorded.

CREATE TABLE canaries (
  canary_id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  address     inet NOT NULL,
  port        integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
  component   text NOT NULL,
  note        text NOT NULL DEFAULT '',
  added_at    timestamptz NOT NULL DEFAULT now(),
  removed_at  timestamptz
);
CREATE UNIQUE INDEX canaries_in_use ON canaries (address, port, component) WHERE removed_at IS NULL;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'kubecensus_prober') THEN
    EXECUTE 'GRANT SELECT ON canaries TO kubecensus_prober';
  END IF;
END $$;
