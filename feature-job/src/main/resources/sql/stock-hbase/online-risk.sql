-- The newest risk features through the stock hbase-2.2 connector. It has no versions: the last row
-- written stands, so a late event does replace a newer one's row.
CREATE TEMPORARY TABLE online_risk (
  user_id STRING,
  f ROW<
    event_id STRING, event_time TIMESTAMP_LTZ(3), events_1m BIGINT, events_1h BIGINT,
    events_24h BIGINT, events_30d BIGINT, spend_24h BIGINT, spend_30d BIGINT,
    return_ratio_bp_30d BIGINT, risk_score INT, decision STRING>,
  PRIMARY KEY (user_id) NOT ENFORCED
) WITH (
  ${online_risk.options}
);

INSERT INTO online_risk
SELECT
  user_id,
  ROW(
    event_id, event_time, events_1m, events_1h, events_24h, events_30d,
    spend_24h, spend_30d, return_ratio_bp_30d, risk_score, decision)
FROM risk_control;
