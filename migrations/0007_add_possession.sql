-- What a probe tells of the connection itself, beside the evidence: it belongs to one look and is no part of its hash.

ALTER TABLE observations ADD COLUMN connect_ms integer;   -- until the (first) connect stood; NULL where it never did
ALTER TABLE observations ADD COLUMN possession text
  CHECK (possession IN ('proved', 'failed'));   -- of the certificate's key; NULL where it cannot be told
