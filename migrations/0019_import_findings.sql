-- What others saw, or we elsewhere: its scan says so and where it is from. Nothing was dialled for it, so its scope is
-- empty, and it belongs to no series: it opens and closes no sighting.

ALTER TABLE scans DROP CONSTRAINT scans_kind_check;
ALTER TABLE scans ADD CONSTRAINT scans_kind_check CHECK (kind IN ('census', 'ad-hoc', 'check', 'import'));
ALTER TABLE scans ADD COLUMN origin text;
ALTER TABLE scans ADD CONSTRAINT scans_origin_check CHECK ((kind = 'import') = (origin IS NOT NULL));
