-- Probers ask every two seconds whether the exclusions changed; a number answers that without reading them.
-- An interval that begins or ends by the clock changes nothing here: who holds the list knows when.

CREATE TABLE exclusion_versions (
  only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version   bigint NOT NULL
);
INSERT INTO exclusion_versions (version) VALUES (1);

CREATE OR REPLACE FUNCTION notify_exclusions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE exclusion_versions SET version = version + 1;
  PERFORM pg_notify('kubecensus_exclusions', '');
  RETURN NULL;
END $$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'kubecensus_prober') THEN
    EXECUTE 'GRANT SELECT ON exclusion_versions TO kubecensus_prober';
  END IF;
END $$;
