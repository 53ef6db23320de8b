// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.sql.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.stack.LocalStackExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Uses both SQL jars in a program whose class path has nothing else of dimstore: it writes a row to
 * each store and looks both up. Flink loads added jars in child-first class loaders.
 */
class SqlJarJobIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("dynamodb", "hbase", "redis");

  @TempDir Path folder;

  @Test
  void jarsAddedToTheSession() throws Exception {
    run(List.of(), Statements.of(Statements.addJars(), stack, "added_by_program"));
  }

  @Test
  void jarsInTheLibFolder() throws Exception {
    run(SqlJars.ALL, Statements.of(List.of(), stack, "lib_of_program"));
  }

  private void run(List<Path> lib, List<String> statements) throws Exception {
    Path script =
        Files.writeString(folder.resolve("statements.sql"), Statements.script(statements));
    try (FlinkProcess program =
        FlinkProcess.start(
            folder, lib, Statements.PRINTED, SqlScriptMain.class.getName(), script.toString())) {
      program.awaitEnd();
      assertThat(program.output()).containsPattern(Statements.PRINTED);
    }
  }
}
