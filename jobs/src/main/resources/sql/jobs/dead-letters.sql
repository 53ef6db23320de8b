-- What a job refuses: the record as it was, where it stood, and why.
CREATE TEMPORARY TABLE dead_letter_topic (
  reason           STRING,
  detail           STRING,
  payload          STRING,
  payload_encoding STRING,
  payload_bytes    INT,
  source_topic     STRING,
  source_partition INT,
  source_offset    BIGINT,
  source_time      TIMESTAMP_LTZ(3),
  source_key       STRING
) WITH (
  'connector' = 'kafka',
  'topic' = '${dead_letters.topic}',
  'value.format' = 'json',
  'value.json.timestamp-format.standard' = 'ISO-8601',
  ${dead_letters.options}
);

INSERT INTO dead_letter_topic SELECT * FROM dead_letters;
