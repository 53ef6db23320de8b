-- A topic as it is: the job reads the bytes itself, so that a record that it refuses can be handed on
-- unchanged. The parsers take these seven columns in this order.
CREATE TEMPORARY TABLE ${records.table} (
  source_key       BYTES,
  payload          BYTES,
  source_topic     STRING METADATA FROM 'topic' VIRTUAL,
  source_partition INT METADATA FROM 'partition' VIRTUAL,
  source_offset    BIGINT METADATA FROM 'offset' VIRTUAL,
  source_time      TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
  source_time_type STRING METADATA FROM 'timestamp-type' VIRTUAL
) WITH (
  'connector' = 'kafka-lossless',
  'topic' = '${records.topic}',
  'key.format' = 'raw',
  'key.fields' = 'source_key',
  'value.format' = 'raw',
  'value.fields-include' = 'EXCEPT_KEY',
  ${records.options}
);
