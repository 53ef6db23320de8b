-- Marketing: what has this user bought lately, how valuable is that, and what to offer next.
CREATE TEMPORARY VIEW marketing_enriched AS
SELECT
  e.event_id, e.user_id, e.item_id, e.event_type, e.event_time,
  u.user_id IS NOT NULL AS user_known,
  i.item_id IS NOT NULL AS item_known,
  u.country, u.level, i.category, i.list_price,
  e.buys_1m, e.buys_1h, e.buys_24h, e.buys_30d,
  e.spend_1m, e.spend_1h, e.spend_24h, e.spend_30d,
  e.returned_1m, e.returned_1h, e.returned_24h, e.returned_30d,
  e.items_1m, e.items_1h, e.items_24h, e.items_30d,
  RETURN_RATIO_BP(e.returns_1m, e.buys_1m) AS return_ratio_bp_1m,
  RETURN_RATIO_BP(e.returns_1h, e.buys_1h) AS return_ratio_bp_1h,
  RETURN_RATIO_BP(e.returns_24h, e.buys_24h) AS return_ratio_bp_24h,
  RETURN_RATIO_BP(e.returns_30d, e.buys_30d) AS return_ratio_bp_30d,
  RFM_SCORE(e.spend_30d, e.returned_30d, e.buys_30d, e.items_30d) AS rfm_score
FROM events_with_lookback AS e
LEFT JOIN dim_user FOR SYSTEM_TIME AS OF e.proctime AS u ON u.user_id = e.user_id
LEFT JOIN dim_item FOR SYSTEM_TIME AS OF e.proctime AS i ON i.item_id = e.item_id;

CREATE TEMPORARY VIEW marketing AS
SELECT
  *,
  CUSTOMER_TIER(rfm_score) AS tier,
  OFFER(event_type, CUSTOMER_TIER(rfm_score), user_known, country, level) AS offer
FROM marketing_enriched;

CREATE TEMPORARY TABLE marketing_features (
  event_id            STRING,
  user_id             STRING,
  item_id             STRING,
  event_type          STRING,
  event_time          TIMESTAMP_LTZ(3),
  user_known          BOOLEAN,
  item_known          BOOLEAN,
  country             STRING,
  level               INT,
  category            STRING,
  list_price          BIGINT,
  buys_1m             BIGINT,
  buys_1h             BIGINT,
  buys_24h            BIGINT,
  buys_30d            BIGINT,
  spend_1m            BIGINT,
  spend_1h            BIGINT,
  spend_24h           BIGINT,
  spend_30d           BIGINT,
  returned_1m         BIGINT,
  returned_1h         BIGINT,
  returned_24h        BIGINT,
  returned_30d        BIGINT,
  items_1m            BIGINT,
  items_1h            BIGINT,
  items_24h           BIGINT,
  items_30d           BIGINT,
  return_ratio_bp_1m  BIGINT,
  return_ratio_bp_1h  BIGINT,
  return_ratio_bp_24h BIGINT,
  return_ratio_bp_30d BIGINT,
  rfm_score           INT,
  tier                STRING,
  offer               STRING
) WITH (
  'connector' = 'kafka',
  'topic' = '${marketing.topic}',
  'key.format' = 'raw',
  'key.fields' = 'user_id',
  'value.format' = 'json',
  'value.json.timestamp-format.standard' = 'ISO-8601',
  'value.json.encode.decimal-as-plain-number' = 'true',
  'sink.transactional-id-prefix' = '${job.id}-marketing',
  ${sink.options}
);

INSERT INTO marketing_features SELECT * FROM marketing;
