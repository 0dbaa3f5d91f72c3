-- Ranges that owners say are theirs, each with the token that proves it. A proof holds for a while and is made again;
-- what is no longer proved opens nothing.

CREATE TABLE range_claims (
  claim_id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key_id           integer NOT NULL REFERENCES api_keys ON DELETE CASCADE,
  range            text NOT NULL,
  token            text NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT now(),
  last_checked_at  timestamptz,
  proved_at        timestamptz,   -- the last time that it was
  proved_by        text CHECK (proved_by IN ('token-file', 'pointer', 'reverse-zone')),
  proved_until     timestamptz,
  problem          text,          -- of the last check that failed
  UNIQUE (key_id, range)
);
CREATE INDEX range_claims_in_force ON range_claims (key_id, proved_until);
