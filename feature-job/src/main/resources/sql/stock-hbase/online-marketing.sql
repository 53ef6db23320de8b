-- The newest marketing features through the stock hbase-2.2 connector; see online-risk.sql there.
CREATE TEMPORARY TABLE online_marketing (
  user_id STRING,
  f ROW<
    event_id STRING, event_time TIMESTAMP_LTZ(3), country STRING, buys_30d BIGINT,
    spend_30d BIGINT, items_30d BIGINT, rfm_score INT, tier STRING, offer STRING>,
  PRIMARY KEY (user_id) NOT ENFORCED
) WITH (
  ${online_marketing.options}
);

INSERT INTO online_marketing
SELECT
  user_id,
  ROW(event_id, event_time, country, buys_30d, spend_30d, items_30d, rfm_score, tier, offer)
FROM marketing;
