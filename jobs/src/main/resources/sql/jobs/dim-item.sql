-- The item dimension.
CREATE TEMPORARY TABLE dim_item (
  item_id    STRING,
  title      STRING,
  category   STRING,
  list_price BIGINT,
  PRIMARY KEY (item_id) NOT ENFORCED
) WITH (
  ${dim_item.options}
);
