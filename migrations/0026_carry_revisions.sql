-- A census says what the one before said, but for what moved between them: of a million endpoints, some ten thousand are
-- read for its digest. That holds where no verdict changed since, so a revision keeps the oldest rules that verdicts were
-- of when it was made. NULL: not known, and the next census reads all.
ALTER TABLE census_revisions ADD COLUMN oldest_rules integer;

-- Every census moves last_seen_at of every endpoint that it saw: with room for a second version of each row on its page,
-- no index is written for that.
ALTER TABLE endpoints SET (fillfactor = 45);
