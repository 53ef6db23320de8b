// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CommandsReferenceTest {

  private static final Path DOC =
      Path.of(System.getProperty("dimstore.home"), "docs", "commands.md");

  /** {@code mvn -pl comparison-bench test -Dtest=CommandsReferenceTest -Dupdate=true}. */
  @Test
  void referenceMatchesTheDeclaredCommands() throws Exception {
    String wanted = CommandsReference.page();
    if (Boolean.getBoolean("update")) {
      Files.writeString(DOC, wanted);
    }
    assertThat(DOC)
        .as("run this test with -Dupdate=true to write it anew")
        .exists()
        .hasContent(wanted);
  }
}
