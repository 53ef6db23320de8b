-- Risk control: how fast, how much and how oddly does this user buy, and what to do about it.
CREATE TEMPORARY VIEW risk_scored AS
SELECT
  event_id, user_id, item_id, event_type, quantity, amount, event_time,
  user_known, item_known, country, level, category, list_price,
  events_1m, events_1h, events_24h, events_30d,
  spend_1m, spend_1h, spend_24h, spend_30d,
  items_1m, items_1h, items_24h, items_30d,
  RETURN_RATIO_BP(returns_1m, buys_1m) AS return_ratio_bp_1m,
  RETURN_RATIO_BP(returns_1h, buys_1h) AS return_ratio_bp_1h,
  RETURN_RATIO_BP(returns_24h, buys_24h) AS return_ratio_bp_24h,
  RETURN_RATIO_BP(returns_30d, buys_30d) AS return_ratio_bp_30d,
  PRICE_DEVIATION_BP(event_type, quantity, amount, list_price) AS price_deviation_bp,
  buys_30d, returns_30d
FROM enriched;

CREATE TEMPORARY VIEW risk_control AS
SELECT
  event_id, user_id, item_id, event_type, quantity, amount, event_time,
  user_known, item_known, country, level, category, list_price,
  events_1m, events_1h, events_24h, events_30d,
  spend_1m, spend_1h, spend_24h, spend_30d,
  items_1m, items_1h, items_24h, items_30d,
  return_ratio_bp_1m, return_ratio_bp_1h, return_ratio_bp_24h, return_ratio_bp_30d,
  price_deviation_bp,
  risk_score,
  RISK_DECISION(risk_score) AS decision
FROM (
  SELECT
    *,
    RISK_SCORE(
      event_type, events_1m, spend_1h, buys_30d, returns_30d, price_deviation_bp,
      user_known, item_known, level) AS risk_score
  FROM risk_scored
);

CREATE TEMPORARY TABLE risk_features (
  event_id            STRING,
  user_id             STRING,
  item_id             STRING,
  event_type          STRING,
  quantity            BIGINT,
  amount              BIGINT,
  event_time          TIMESTAMP_LTZ(3),
  user_known          BOOLEAN,
  item_known          BOOLEAN,
  country             STRING,
  level               INT,
  category            STRING,
  list_price          BIGINT,
  events_1m           BIGINT,
  events_1h           BIGINT,
  events_24h          BIGINT,
  events_30d          BIGINT,
  spend_1m            BIGINT,
  spend_1h            BIGINT,
  spend_24h           BIGINT,
  spend_30d           BIGINT,
  items_1m            BIGINT,
  items_1h            BIGINT,
  items_24h           BIGINT,
  items_30d           BIGINT,
  return_ratio_bp_1m  BIGINT,
  return_ratio_bp_1h  BIGINT,
  return_ratio_bp_24h BIGINT,
  return_ratio_bp_30d BIGINT,
  price_deviation_bp  BIGINT,
  risk_score          INT,
  decision            STRING
) WITH (
  'connector' = 'kafka',
  'topic' = '${risk.topic}',
  'key.format' = 'raw',
  'key.fields' = 'user_id',
  'value.format' = 'streaming-json',
  'sink.transactional-id-prefix' = '${job.id}-risk',
  ${sink.options}
);

INSERT INTO risk_features SELECT * FROM risk_control;
