// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.sql.check;

import java.nio.file.Path;
import java.util.List;

/** The SQL jars that the build has made. */
final class SqlJars {

  static final Path DYNAMODB = Path.of(System.getProperty("sql.jar.dynamodb"));
  static final Path HBASE_REDIS = Path.of(System.getProperty("sql.jar.hbase-redis"));
  static final List<Path> ALL = List.of(DYNAMODB, HBASE_REDIS);

  private SqlJars() {}
}
