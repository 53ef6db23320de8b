-- Writes one dimension. The version is metadata, not a column: the newest version of a row wins.
CREATE TEMPORARY TABLE ${table}_versioned (
  version BIGINT METADATA
) LIKE ${table};

INSERT INTO ${table}_versioned SELECT * FROM ${dimension}_changes;
