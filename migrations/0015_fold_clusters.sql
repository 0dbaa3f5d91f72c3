-- Which endpoints share one control plane, and why. All of it but the possessions is derived: `kubecensus clusters
-- rebuild` makes it anew from evidence, sightings and possessions, census by census.

-- What a piece of evidence says of the cluster behind it: a function of the evidence and of the marks' version.
CREATE TABLE evidence_marks (
  evidence_id    bigint PRIMARY KEY REFERENCES evidence ON DELETE CASCADE,
  marks_version  smallint NOT NULL,
  shown_hash     bytea,        -- of the certificate, or else of the response: equal on all addresses of a mirror
  identity       text,         -- of the certificate: 'eks:1f3a...', 'authority:9c0d...', 'certificate:77ab...'
  flow_schema    text,         -- 'flowschema:3082aa7f-...'
  born_at        timestamptz,  -- of the cluster, where it can be read
  born_by        text CHECK (born_by IN ('authority-name', 'authority-certificate', 'kubeadm-certificate')),
  CHECK ((born_at IS NULL) = (born_by IS NULL))
);
CREATE INDEX evidence_marks_by_identity ON evidence_marks (identity) WHERE identity IS NOT NULL;
CREATE INDEX evidence_marks_by_flow_schema ON evidence_marks (flow_schema) WHERE flow_schema IS NOT NULL;
CREATE INDEX evidence_marks_by_version ON evidence_marks (marks_version, evidence_id);

-- Whether an endpoint holds the key of the certificate that it shows, from this census of the series on. Told by
-- observations, and kept here because it outlives them.
CREATE TABLE possessions (
  series_id         integer NOT NULL REFERENCES series,
  endpoint_id       bigint NOT NULL REFERENCES endpoints ON DELETE CASCADE,
  certificate_hash  bytea NOT NULL,
  since_census      integer NOT NULL,
  possession        text NOT NULL CHECK (possession IN ('proved', 'failed')),
  PRIMARY KEY (series_id, endpoint_id, certificate_hash, since_census)
);

-- A cluster that a series saw. Its id is the mark that it was found by, and stays when its marks change.
CREATE TABLE clusters (
  series_id     integer NOT NULL REFERENCES series,
  cluster_id    text NOT NULL,
  first_census  integer NOT NULL,
  PRIMARY KEY (series_id, cluster_id)
);

-- Which cluster a mark stands for, from this census on, and why it was not another.
CREATE TABLE cluster_marks (
  series_id     integer NOT NULL REFERENCES series,
  mark          text NOT NULL,
  since_census  integer NOT NULL,
  cluster_id    text NOT NULL,
  because       text NOT NULL CHECK (because IN ('founded', 'shown-with', 'renewed', 'contested')),
  PRIMARY KEY (series_id, mark, since_census),
  FOREIGN KEY (series_id, cluster_id) REFERENCES clusters ON DELETE CASCADE
);
CREATE INDEX cluster_marks_by_cluster ON cluster_marks (series_id, cluster_id);

-- Marks that more than one cluster shows, from this census on and for good: they join nothing.
CREATE TABLE templates (
  series_id     integer NOT NULL REFERENCES series,
  mark          text NOT NULL,
  since_census  integer NOT NULL,
  because       text NOT NULL CHECK (because IN ('addresses', 'networks', 'flow-schemas')),
  seen_on       integer NOT NULL,   -- so many of them at once
  PRIMARY KEY (series_id, mark)
);

-- An interval of a series' censuses over which an endpoint belonged to one cluster (or to none) for one reason. Every
-- merge is two or more of these rows with one cluster_id: which endpoints, by which mark, since when.
CREATE TABLE memberships (
  series_id     integer NOT NULL REFERENCES series,
  endpoint_id   bigint NOT NULL REFERENCES endpoints ON DELETE CASCADE,
  first_census  integer NOT NULL,
  last_census   integer,            -- inclusive; open while NULL
  evidence_id   bigint NOT NULL,
  possession    text CHECK (possession IN ('proved', 'failed')),
  cluster_id    text,
  mark          text,               -- that it belongs there by, or the template's
  reason        text NOT NULL CHECK (reason IN ('mark', 'template', 'not-proved', 'replayed', 'no-mark', 'no-api-server')),
  mirrored      boolean NOT NULL,
  PRIMARY KEY (series_id, endpoint_id, first_census),
  CHECK ((reason = 'mark') = (cluster_id IS NOT NULL))
) WITH (fillfactor = 90);
CREATE UNIQUE INDEX memberships_open ON memberships (series_id, endpoint_id) WHERE last_census IS NULL;
CREATE INDEX memberships_by_evidence ON memberships (series_id, evidence_id) WHERE last_census IS NULL;
CREATE INDEX memberships_by_cluster ON memberships (series_id, cluster_id) WHERE cluster_id IS NOT NULL;
