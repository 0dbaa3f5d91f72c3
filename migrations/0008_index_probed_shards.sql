-- Shards that wait for their last batches are few, and looked for twice a second among up to a million that are pending.

CREATE INDEX shards_probed ON shards (scan_id) WHERE state = 'probed';
