-- The event with its look-back and both dimensions as of now. All results read this view, so an event's
-- user and item are looked up once, however many results the job computes.
CREATE TEMPORARY VIEW enriched AS
SELECT
  e.event_id, e.user_id, e.item_id, e.event_type, e.quantity, e.amount, e.event_time,
  e.events_1m, e.buys_1m, e.returns_1m, e.spend_1m, e.returned_1m, e.items_1m,
  e.events_1h, e.buys_1h, e.returns_1h, e.spend_1h, e.returned_1h, e.items_1h,
  e.events_24h, e.buys_24h, e.returns_24h, e.spend_24h, e.returned_24h, e.items_24h,
  e.events_30d, e.buys_30d, e.returns_30d, e.spend_30d, e.returned_30d, e.items_30d,
  u.user_id IS NOT NULL AS user_known,
  i.item_id IS NOT NULL AS item_known,
  u.country, u.level, i.category, i.list_price,
  e.results
FROM events_with_lookback AS e
LEFT JOIN dim_user FOR SYSTEM_TIME AS OF e.proctime AS u ON u.user_id = e.user_id
LEFT JOIN dim_item FOR SYSTEM_TIME AS OF e.proctime AS i ON i.item_id = e.item_id;
