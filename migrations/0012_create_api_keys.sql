-- Who may ask the api what. A key is shown once, when it is made; only its hash is kept.

CREATE TABLE api_keys (
  key_id      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key_hash    bytea NOT NULL UNIQUE CHECK (octet_length(key_hash) = 32),
  role        text NOT NULL CHECK (role IN ('owner', 'researcher', 'admin')),
  label       text NOT NULL,
  ranges      text[] NOT NULL DEFAULT '{}',   -- of an owner: verified ranges, all that its answers may come from
  created_at  timestamptz NOT NULL DEFAULT now(),
  expires_at  timestamptz NOT NULL,
  revoked_at  timestamptz
);
