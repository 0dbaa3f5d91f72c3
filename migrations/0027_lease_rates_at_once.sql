-- What each prober does every second for each of its scans: one statement in place of six.

-- Takes or renews a prober's part of a scan's rate. Everybody is due an equal part, and gets at most what the leases of
-- the others leave: the sum of what runs never exceeds the rate. One at a time for each scan. No row: there is no such scan.
CREATE FUNCTION lease_rate(scan bigint, asking text, lease_ms double precision,
                           OUT granted double precision, OUT fair double precision, OUT of_prefix double precision)
RETURNS SETOF record LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  whole double precision;
  cap real;
  others bigint;
  taken double precision;
BEGIN
  -- A server that falls over forgets a lease that would have run out before it is back.
  PERFORM set_config('synchronous_commit', 'off', true);
  -- The first key spells `rate`, so that these locks meet no other.
  PERFORM pg_advisory_xact_lock(1918989413, hashint8(scan));
  -- A statement of its own: its snapshot is taken under the lock.
  SELECT rate, prefix_rate, count(prober), COALESCE(sum(per_second), 0) INTO whole, cap, others, taken
  FROM scans LEFT JOIN rate_leases
    ON rate_leases.scan_id = scans.scan_id AND prober <> asking AND runs_until > clock_timestamp()
  WHERE scans.scan_id = scan GROUP BY rate, prefix_rate;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  fair := whole / (others + 1);
  granted := GREATEST(0, LEAST(fair, whole - taken));
  of_prefix := cap / (others + 1);
  INSERT INTO rate_leases (scan_id, prober, per_second, runs_until)
  VALUES (scan, asking, granted, clock_timestamp() + make_interval(secs => lease_ms / 1000))
  ON CONFLICT (scan_id, prober) DO UPDATE SET per_second = excluded.per_second, runs_until = excluded.runs_until;
  DELETE FROM rate_leases WHERE scan_id = scan AND runs_until < clock_timestamp();
  RETURN NEXT;
END $$;
REVOKE EXECUTE ON FUNCTION lease_rate(bigint, text, double precision) FROM PUBLIC;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'kubecensus_prober') THEN
    EXECUTE 'GRANT EXECUTE ON FUNCTION lease_rate(bigint, text, double precision) TO kubecensus_prober';
  END IF;
END $$;
