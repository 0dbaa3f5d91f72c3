-- What is kept of an endpoint is read without a series, by who asks about an address, and goes with it.

CREATE INDEX memberships_by_endpoint ON memberships (endpoint_id);
CREATE INDEX possessions_by_endpoint ON possessions (endpoint_id);
