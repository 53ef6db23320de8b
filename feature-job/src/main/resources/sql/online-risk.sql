-- The newest risk features of each user, for a serving system. The version is the event's time: a
-- late event does not replace a newer one's row, and writing a row again changes nothing.
CREATE TEMPORARY TABLE online_risk (
  user_id             STRING,
  event_id            STRING,
  event_time          TIMESTAMP_LTZ(3),
  events_1m           BIGINT,
  events_1h           BIGINT,
  events_24h          BIGINT,
  events_30d          BIGINT,
  spend_24h           BIGINT,
  spend_30d           BIGINT,
  return_ratio_bp_30d BIGINT,
  risk_score          INT,
  decision            STRING,
  PRIMARY KEY (user_id) NOT ENFORCED
) WITH (
  ${online_risk.options}
);

INSERT INTO online_risk
SELECT
  user_id, event_id, event_time, events_1m, events_1h, events_24h, events_30d,
  spend_24h, spend_30d, return_ratio_bp_30d, risk_score, decision
FROM risk_control;
