-- Marketing: what has this user bought lately, how valuable is that, and what to offer next.
CREATE TEMPORARY VIEW marketing_scored AS
SELECT
  event_id, user_id, item_id, event_type, event_time,
  user_known, item_known, country, level, category, list_price,
  buys_1m, buys_1h, buys_24h, buys_30d,
  spend_1m, spend_1h, spend_24h, spend_30d,
  returned_1m, returned_1h, returned_24h, returned_30d,
  items_1m, items_1h, items_24h, items_30d,
  RETURN_RATIO_BP(returns_1m, buys_1m) AS return_ratio_bp_1m,
  RETURN_RATIO_BP(returns_1h, buys_1h) AS return_ratio_bp_1h,
  RETURN_RATIO_BP(returns_24h, buys_24h) AS return_ratio_bp_24h,
  RETURN_RATIO_BP(returns_30d, buys_30d) AS return_ratio_bp_30d,
  RFM_SCORE(spend_30d, returned_30d, buys_30d, items_30d) AS rfm_score
FROM enriched;

CREATE TEMPORARY VIEW marketing AS
SELECT
  *,
  CUSTOMER_TIER(rfm_score) AS tier,
  OFFER(event_type, CUSTOMER_TIER(rfm_score), user_known, country, level) AS offer
FROM marketing_scored;

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
  'value.format' = 'streaming-json',
  'sink.transactional-id-prefix' = '${job.id}-marketing',
  ${sink.options}
);

INSERT INTO marketing_features SELECT * FROM marketing;
