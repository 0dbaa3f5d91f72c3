-- A scope of a million IPv6 prefixes is 32 MB: compressing it took longer than planning the scan, and gained little.
ALTER TABLE scan_scopes ALTER COLUMN body SET STORAGE EXTERNAL;
