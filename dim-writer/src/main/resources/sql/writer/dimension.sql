-- Writes one dimension. The version is metadata, not a column: the newest version of a row wins.
CREATE TEMPORARY TABLE `${table}` (
  ${columns},
  version BIGINT METADATA,
  PRIMARY KEY (${key}) NOT ENFORCED
) WITH (
  ${table.options}
);

INSERT INTO `${table}` SELECT * FROM `${dimension}_changes`;
