-- The user dimension.
CREATE TEMPORARY TABLE dim_user (
  user_id STRING,
  country STRING,
  level   INT,
  PRIMARY KEY (user_id) NOT ENFORCED
) WITH (
  ${dim_user.options}
);
