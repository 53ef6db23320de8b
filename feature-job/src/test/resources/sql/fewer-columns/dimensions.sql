-- The two dimensions. Which store answers is a matter of the options alone.
CREATE TEMPORARY TABLE dim_user (
  user_id STRING,
  country STRING,
  level   INT,
  PRIMARY KEY (user_id) NOT ENFORCED
) WITH (
  ${dim_user.options}
);

CREATE TEMPORARY TABLE dim_item (
  item_id    STRING,
  title      STRING,
  category   STRING,
  list_price BIGINT,
  PRIMARY KEY (item_id) NOT ENFORCED
) WITH (
  ${dim_item.options}
);
