-- What a census said, and why it came to say something else. A row is made in the transaction that makes it true, and none
-- is changed: the last one says what the census says now. A census of before has none until something is made of its
-- series; that it has then is its first.

CREATE TABLE census_revisions (
  series_id      integer NOT NULL,
  census_number  integer NOT NULL,
  revision       integer NOT NULL CHECK (revision >= 1),
  reason         text NOT NULL CHECK (reason IN ('completed', 'reclassified', 'opt-out', 'late-data')),
  rules_version  integer,       -- the newest that its verdicts may be of; NULL: not known
  made_at        timestamptz NOT NULL,
  digest         text NOT NULL, -- of each endpoint, its evidence and its verdict, whatever the order of the rows
  present        bigint NOT NULL,
  exact_san      bigint NOT NULL,
  answering      bigint NOT NULL,
  look_alikes    bigint NOT NULL,
  not_reached    bigint NOT NULL,
  PRIMARY KEY (series_id, census_number, revision),
  FOREIGN KEY (series_id, census_number) REFERENCES censuses (series_id, census_number) ON DELETE CASCADE
);
