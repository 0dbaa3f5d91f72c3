-- What was found. Evidence is stored once by the SHA-256 of its bytes and lives as long as a sighting refers to it.

CREATE TABLE certificates (
  certificate_hash  bytea PRIMARY KEY CHECK (octet_length(certificate_hash) = 32),
  der               bytea NOT NULL,
  subject           text,             -- cleaned text; NULL where the bytes are no certificate we can read
  issuer            text,
  dns_names         text[] NOT NULL DEFAULT '{}',
  ip_addresses      text[] NOT NULL DEFAULT '{}',
  not_before        timestamptz,
  not_after         timestamptz,
  key_type          text,
  authority_key_id  text
);

CREATE TABLE client_ca_lists (
  client_ca_hash  bytea PRIMARY KEY CHECK (octet_length(client_ca_hash) = 32),
  names           bytea[] NOT NULL,   -- DER of each distinguished name, in the server's order
  texts           text[] NOT NULL
);

CREATE TABLE first_flights (
  first_flight_hash  bytea PRIMARY KEY CHECK (octet_length(first_flight_hash) = 32),
  first_flight       jsonb NOT NULL   -- messages/observation.ts: FirstFlight, without the client CAs
);

CREATE TABLE responses (
  response_hash  bytea PRIMARY KEY CHECK (octet_length(response_hash) = 32),
  status         integer NOT NULL,
  headers        jsonb NOT NULL,
  body           bytea NOT NULL
);

-- The tuple of hashes that one endpoint showed. A fingerprint is a function of this row and of the rules' version.
CREATE TABLE evidence (
  evidence_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  evidence_hash      bytea NOT NULL UNIQUE CHECK (octet_length(evidence_hash) = 32),
  component          text NOT NULL,
  port               integer NOT NULL,   -- a weak mark of some distributions, so part of the evidence
  outcome            text NOT NULL,
  reason             text,
  chain              bytea[] NOT NULL,   -- certificate hashes, leaf first
  chain_length       integer NOT NULL,
  client_ca_hash     bytea REFERENCES client_ca_lists,
  first_flight_hash  bytea REFERENCES first_flights,
  response_hash      bytea REFERENCES responses
);

CREATE TABLE fingerprints (
  evidence_id     bigint PRIMARY KEY REFERENCES evidence ON DELETE CASCADE,
  rules_version   integer NOT NULL,
  distribution    text NOT NULL,
  confidence      text NOT NULL CHECK (confidence IN ('certain', 'high', 'medium', 'low')),
  version         text,                -- gitVersion as told, cleaned
  minor           text,                -- '1.29'
  minor_low       text,                -- bracket from the first flight, where the version is not told
  minor_high      text,
  exposure        text NOT NULL CHECK (exposure IN ('present', 'silent', 'says-version', 'open')),
  silence         text,
  exact_san       boolean NOT NULL,    -- kubernetes.default.svc.cluster.local itself is in the leaf's SANs
  answering       boolean NOT NULL,    -- /version answered 200 with a version
  reason          text NOT NULL,       -- why this verdict: services/indexer/src/fingerprint, VERDICT_REASONS
  rules           text[] NOT NULL,     -- that held for it
  could_be        text[] NOT NULL,     -- what the same evidence does not exclude
  contradictions  jsonb NOT NULL DEFAULT '[]'
);
CREATE INDEX fingerprints_by_rules ON fingerprints (rules_version, evidence_id);

-- Findings of one scan; attempts at one target compete here: the better rank wins, then the earlier, then the lower
-- attempt, shard, duration and evidence hash, so that the order of arrival decides nothing.
CREATE TABLE observations (
  scan_id            bigint NOT NULL REFERENCES scans ON DELETE CASCADE,
  address            inet NOT NULL,
  port               integer NOT NULL,
  component          text NOT NULL,
  outcome            text NOT NULL,
  outcome_rank       smallint NOT NULL,
  reason             text,
  evidence_id        bigint REFERENCES evidence,
  observed_at        timestamptz NOT NULL,
  duration_ms        integer NOT NULL,
  second_connection  text,
  shard_number       integer NOT NULL,
  attempt            integer NOT NULL,
  PRIMARY KEY (scan_id, address, port, component)
);

-- What a batch carried that could not be read as an observation; kept, counted, never retried. Lines count from 1;
-- line 0 is a batch that could not be opened at all, with the beginning of what it carried.
CREATE TABLE malformed_observations (
  scan_id       bigint NOT NULL,
  shard_number  integer NOT NULL,
  attempt       integer NOT NULL,
  batch_number  integer NOT NULL,
  line_number   integer NOT NULL,
  error         text NOT NULL,
  bytes         bytea NOT NULL,
  PRIMARY KEY (scan_id, shard_number, attempt, batch_number, line_number)
);

-- Current state, by whatever scan looked last. A row begins with a finding and is never removed by a later look:
-- an endpoint that refuses now has that outcome, no evidence, and its sightings to tell what it was.
CREATE TABLE endpoints (
  endpoint_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  address         inet NOT NULL,
  port            integer NOT NULL,
  component       text NOT NULL,
  outcome         text NOT NULL,
  evidence_id     bigint REFERENCES evidence,
  first_seen_at   timestamptz NOT NULL,   -- the first look that found the component
  last_seen_at    timestamptz NOT NULL,   -- the last look that found it
  last_looked_at  timestamptz NOT NULL,   -- the last look, whatever came of it
  last_scan_id    bigint NOT NULL,
  UNIQUE (address, port, component)
) WITH (fillfactor = 80);   -- every census moves last_seen_at; room on the page keeps that out of the indexes

CREATE TABLE censuses (
  census_id      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  series_id      integer NOT NULL REFERENCES series,
  census_number  integer NOT NULL,       -- 1, 2, 3 ... within the series
  scan_id        bigint NOT NULL UNIQUE REFERENCES scans,
  as_of          timestamptz NOT NULL,
  started_at     timestamptz NOT NULL,
  completed_at   timestamptz NOT NULL,
  method         jsonb NOT NULL,
  vantage        text[] NOT NULL,
  target_count   bigint NOT NULL,
  looked_at      bigint NOT NULL,        -- coverage = looked_at / target_count
  outcomes       jsonb NOT NULL,         -- outcome -> count over the shards of the scope
  revisited      jsonb NOT NULL DEFAULT '{}',   -- outcome -> count over the endpoints that were revisited
  malformed      integer NOT NULL DEFAULT 0,    -- lines kept in malformed_observations
  UNIQUE (series_id, census_number)
);
CREATE INDEX censuses_by_date ON censuses (series_id, as_of, census_number);

-- An interval of a series' censuses over which an endpoint showed one evidence. Both ends inclusive; open while
-- last_census is NULL. An endpoint is in census N when a sighting covers N and no absence says otherwise.
CREATE TABLE sightings (
  sighting_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  series_id     integer NOT NULL REFERENCES series,
  endpoint_id   bigint NOT NULL REFERENCES endpoints,
  evidence_id   bigint NOT NULL REFERENCES evidence,
  first_census  integer NOT NULL,
  last_census   integer,
  ended         text CHECK (ended IN ('changed', 'gone', 'out-of-scope', 'excluded')),
  CHECK (last_census IS NULL OR last_census >= first_census),
  CHECK ((last_census IS NULL) = (ended IS NULL))
);
CREATE UNIQUE INDEX sightings_open ON sightings (series_id, endpoint_id) WHERE last_census IS NULL;
CREATE INDEX sightings_by_endpoint ON sightings (endpoint_id);
CREATE INDEX sightings_by_series ON sightings (series_id, first_census, last_census);

-- Censuses in which an endpoint with an open sighting was not seen, and nothing proves that it is gone.
CREATE TABLE absences (
  series_id      integer NOT NULL REFERENCES series,
  census_number  integer NOT NULL,
  endpoint_id    bigint NOT NULL REFERENCES endpoints,
  reason         text NOT NULL CHECK (reason IN ('not-reached')),
  PRIMARY KEY (series_id, census_number, endpoint_id)
);

-- What other services must hear, written in the transaction that made it true and relayed afterwards.
CREATE TABLE outbox (
  outbox_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dedupe_key   text NOT NULL UNIQUE,
  queue        text NOT NULL,
  message      jsonb NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  relayed_at   timestamptz
);
CREATE INDEX outbox_waiting ON outbox (outbox_id) WHERE relayed_at IS NULL;
