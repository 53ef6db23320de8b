-- The dimensions through the stock hbase-2.2 connector: its columns live inside a family, so views
-- give them the names that the queries use. DimensionColumnsTest holds the columns to those of sql/jobs.
CREATE TEMPORARY TABLE hbase_dim_user (
  user_id STRING,
  f ROW<country STRING, level INT>,
  PRIMARY KEY (user_id) NOT ENFORCED
) WITH (
  ${dim_user.options}
);

CREATE TEMPORARY TABLE hbase_dim_item (
  item_id STRING,
  f ROW<title STRING, category STRING, list_price BIGINT>,
  PRIMARY KEY (item_id) NOT ENFORCED
) WITH (
  ${dim_item.options}
);

CREATE TEMPORARY VIEW dim_user AS
SELECT user_id, f.country AS country, f.level AS level FROM hbase_dim_user;

CREATE TEMPORARY VIEW dim_item AS
SELECT item_id, f.title AS title, f.category AS category, f.list_price AS list_price
FROM hbase_dim_item;
