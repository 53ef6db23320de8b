-- The newest marketing features of each user, for a serving system; versions as in online-risk.sql.
CREATE TEMPORARY TABLE online_marketing (
  user_id    STRING,
  event_id   STRING,
  event_time TIMESTAMP_LTZ(3),
  country    STRING,
  buys_30d   BIGINT,
  spend_30d  BIGINT,
  items_30d  BIGINT,
  rfm_score  INT,
  tier       STRING,
  offer      STRING,
  PRIMARY KEY (user_id) NOT ENFORCED
) WITH (
  ${online_marketing.options}
);

INSERT INTO online_marketing
SELECT
  user_id, event_id, event_time, country, buys_30d, spend_30d, items_30d, rfm_score, tier, offer
FROM marketing;
