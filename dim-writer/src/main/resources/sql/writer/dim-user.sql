-- The user dimension. The version is metadata: it decides which of two rows stands and is no column.
CREATE TEMPORARY TABLE dim_user (
  user_id STRING,
  country STRING,
  level   INT,
  version BIGINT METADATA,
  PRIMARY KEY (user_id) NOT ENFORCED
) WITH (
  ${table.options}
);

INSERT INTO dim_user SELECT user_id, country, level, version FROM user_changes;
