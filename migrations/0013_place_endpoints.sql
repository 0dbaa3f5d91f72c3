-- Where the address of an endpoint lies, by the tables that were in force when a census was closed. A later table says
-- where an address lies from the next census on: what a past census said of it is never changed.

CREATE TABLE places (
  place_id  integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  asn       bigint CHECK (asn BETWEEN 0 AND 4294967295),
  as_name   text,
  country   text,      -- ISO 3166-1, two letters
  provider  text,
  UNIQUE NULLS NOT DISTINCT (asn, as_name, country, provider)
);

-- From this census of the series on, until the endpoint's next row. Of a place that the tables do not know there is a
-- row, too, with nothing in it; an endpoint without a row was never looked up.
CREATE TABLE endpoint_places (
  endpoint_id   bigint NOT NULL REFERENCES endpoints ON DELETE CASCADE,
  series_id     integer NOT NULL REFERENCES series,
  first_census  integer NOT NULL,
  place_id      integer NOT NULL REFERENCES places,
  PRIMARY KEY (endpoint_id, series_id, first_census)
);

-- The tables that were in force when the census was closed: name, day, source, hash and attribution of each.
ALTER TABLE censuses ADD COLUMN place_tables jsonb NOT NULL DEFAULT '[]';
