-- What grows by time lies by month, so that what is past its time is dropped, and not deleted row by row.
--
-- A sighting lies where it ends: `last_on` is the day of the last census that it covers, infinity while it is open. A
-- month's tables are made with the first census of the month: nothing ends, and nothing is absent, on another day.

ALTER TABLE sightings RENAME TO whole_sightings;
ALTER TABLE absences RENAME TO whole_absences;

CREATE SEQUENCE sighting_ids;
CREATE TABLE sightings (
  sighting_id   bigint NOT NULL DEFAULT nextval('sighting_ids'),
  series_id     integer NOT NULL REFERENCES series,
  endpoint_id   bigint NOT NULL REFERENCES endpoints,
  evidence_id   bigint NOT NULL REFERENCES evidence,
  first_census  integer NOT NULL,
  last_census   integer,
  ended         text CHECK (ended IN ('changed', 'gone', 'out-of-scope', 'excluded')),
  last_on       date NOT NULL DEFAULT 'infinity',
  CHECK (last_census IS NULL OR last_census >= first_census),
  CHECK ((last_census IS NULL) = (ended IS NULL)),
  CHECK ((last_census IS NULL) = (last_on = 'infinity'))
) PARTITION BY RANGE (last_on);
ALTER SEQUENCE sighting_ids OWNED BY sightings.sighting_id;

CREATE TABLE absences (
  series_id      integer NOT NULL REFERENCES series,
  census_number  integer NOT NULL,
  endpoint_id    bigint NOT NULL REFERENCES endpoints,
  reason         text NOT NULL CHECK (reason IN ('not-reached')),
  absent_on      date NOT NULL   -- the day of that census
) PARTITION BY RANGE (absent_on);

CREATE TABLE open_sightings PARTITION OF sightings FOR VALUES FROM ('infinity') TO (MAXVALUE) WITH (fillfactor = 90);

CREATE FUNCTION keep_month(day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  month date := date_trunc('month', day);
  kind text;
  part text;
BEGIN
  FOREACH kind IN ARRAY ARRAY['sightings', 'absences'] LOOP
    part := kind || to_char(month, '_YYYY_MM');
    CONTINUE WHEN to_regclass(part) IS NOT NULL;
    PERFORM pg_advisory_xact_lock(hashtext('kubecensus: months of the record'));
    CONTINUE WHEN to_regclass(part) IS NOT NULL;
    -- Attached, and not created in its place: who reads the other months need not wait.
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part, kind);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                   kind, part, month, (month + interval '1 month')::date);
  END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION keep_month(date) FROM PUBLIC;

CREATE FUNCTION keep_month_of_census() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM keep_month((NEW.as_of AT TIME ZONE 'UTC')::date);
  RETURN NULL;
END $$;

SELECT keep_month(day) FROM (SELECT DISTINCT date_trunc('month', as_of AT TIME ZONE 'UTC')::date AS day FROM censuses) AS months;
CREATE TRIGGER censuses_keep_month AFTER INSERT OR UPDATE OF as_of ON censuses
  FOR EACH ROW EXECUTE FUNCTION keep_month_of_census();

INSERT INTO sightings (sighting_id, series_id, endpoint_id, evidence_id, first_census, last_census, ended, last_on)
SELECT sighting_id, series_id, endpoint_id, evidence_id, first_census, last_census, ended,
       (as_of AT TIME ZONE 'UTC')::date
FROM whole_sightings JOIN censuses USING (series_id)
WHERE census_number = last_census
UNION ALL
SELECT sighting_id, series_id, endpoint_id, evidence_id, first_census, NULL, NULL, 'infinity'
FROM whole_sightings WHERE last_census IS NULL;
SELECT setval('sighting_ids', COALESCE(max(sighting_id), 0) + 1, false) FROM sightings;

INSERT INTO absences (series_id, census_number, endpoint_id, reason, absent_on)
SELECT series_id, census_number, endpoint_id, reason, (as_of AT TIME ZONE 'UTC')::date
FROM whole_absences JOIN censuses USING (series_id, census_number);

DROP TABLE whole_sightings, whole_absences;

ALTER TABLE sightings ADD PRIMARY KEY (sighting_id, last_on);
CREATE UNIQUE INDEX one_open_sighting ON open_sightings (series_id, endpoint_id);
CREATE INDEX sightings_by_endpoint ON sightings (endpoint_id);
CREATE INDEX sightings_by_series ON sightings (series_id, first_census, last_census);
-- What a certificate's name leads to, and whether a piece of evidence is still somebody's.
CREATE INDEX sightings_by_evidence ON sightings (evidence_id);
ALTER TABLE absences ADD PRIMARY KEY (series_id, census_number, endpoint_id, absent_on);

-- Of a census whose months were dropped: nothing is counted in it any more, and its dates stay.
ALTER TABLE censuses ADD COLUMN forgotten_at timestamptz;
