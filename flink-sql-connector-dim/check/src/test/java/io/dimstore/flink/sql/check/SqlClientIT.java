// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.sql.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.stack.LocalStackExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Uses both SQL jars in scripts of Flink's SQL client. */
class SqlClientIT {

  private static final String CLIENT = "org.apache.flink.table.client.SqlClient";

  private static final List<String> SETTINGS =
      List.of(
          "SET 'sql-client.execution.result-mode' = 'tableau'", "SET 'table.dml-sync' = 'true'");

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("dynamodb", "hbase", "redis");

  @TempDir Path folder;

  @Test
  void jarsAddedByTheScript() throws Exception {
    List<String> first = new ArrayList<>(SETTINGS);
    first.addAll(Statements.addJars());
    run(List.of(), List.of(), Statements.of(first, stack, "added_by_client"));
  }

  @Test
  void jarsOfTheCommandLine() throws Exception {
    run(List.of(), Statements.options("--jar"), Statements.of(SETTINGS, stack, "option_of_client"));
  }

  @Test
  void jarsInTheLibFolder() throws Exception {
    run(SqlJars.ALL, List.of(), Statements.of(SETTINGS, stack, "lib_of_client"));
  }

  private void run(List<Path> lib, List<String> options, List<String> statements) throws Exception {
    Path script =
        Files.writeString(folder.resolve("statements.sql"), Statements.script(statements));
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(List.of("-f", script.toString()));
    try (FlinkProcess client =
        FlinkProcess.start(
            folder, lib, Statements.PRINTED, CLIENT, arguments.toArray(String[]::new))) {
      client.awaitEnd();
      assertThat(client.output()).containsPattern(Statements.PRINTED);
    }
  }
}
