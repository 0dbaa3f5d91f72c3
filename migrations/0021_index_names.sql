-- Text in certificates' names. Every API server's own names are left out of the index: they are in nearly all of them,
-- and a question that means them finds a page of endpoints wherever it begins to look.

CREATE FUNCTION common_names() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local', 'localhost']
$$;

CREATE FUNCTION searchable_names(names text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT lower(array_to_string(ARRAY(SELECT name FROM unnest(names) AS name WHERE name <> ALL (public.common_names())), E'\n'))
$$;

-- Contrib's: PostgreSQL 13 and later let the owner of a database have it. Where it is not installed, names are found
-- by reading all of them.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX certificates_by_names ON certificates USING gin (searchable_names(dns_names) gin_trgm_ops);
  END IF;
END $$;

-- From a certificate to what showed it.
CREATE INDEX evidence_by_leaf ON evidence ((chain[1]));
