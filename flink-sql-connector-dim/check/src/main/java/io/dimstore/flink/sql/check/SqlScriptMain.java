// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.sql.check;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;

/**
 * Runs the statements of a file in a Flink of its own, and prints the rows of each query. Its class
 * path has nothing of dimstore.
 */
public final class SqlScriptMain {

  private SqlScriptMain() {}

  /** Runs the statements of the file that is the only argument; a line with ';' ends each. */
  public static void main(String[] args) throws Exception {
    TableEnvironment env = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
    for (String statement : Files.readString(Path.of(args[0])).split(";\n", -1)) {
      if (!statement.isBlank()) {
        TableResult result = env.executeSql(statement);
        result.await();
        if (statement.strip().startsWith("SELECT")) {
          result.print();
        }
      }
    }
  }
}
