-- The item dimension. The version is metadata: it decides which of two rows stands and is no column.
CREATE TEMPORARY TABLE dim_item (
  item_id    STRING,
  title      STRING,
  category   STRING,
  list_price BIGINT,
  version    BIGINT METADATA,
  PRIMARY KEY (item_id) NOT ENFORCED
) WITH (
  ${table.options}
);

INSERT INTO dim_item SELECT item_id, title, category, list_price, version FROM item_changes;
