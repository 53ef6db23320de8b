// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.stack.server.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptLogsTest {

  @TempDir Path folder;

  @Test
  void theLastTwentyLinesAreQuoted() throws IOException {
    Path log = folder.resolve("server.log");
    Files.write(log, IntStream.rangeClosed(1, 100).mapToObj(i -> "line " + i).toList());
    List<String> lines = KeptLogs.lastLines(log);
    assertThat(lines).hasSize(20).startsWith("line 81").endsWith("line 100");
    assertThat(KeptLogs.quote(lines)).startsWith("\n    line 81\n    line 82\n");
  }

  @Test
  void aLogThatIsGoneHasNoLines() {
    assertThat(KeptLogs.lastLines(folder.resolve("none"))).isEmpty();
    assertThat(KeptLogs.quote(List.of())).isEmpty();
  }

  @Test
  void aReportNamesServerExitCodeAndLog() {
    ServerExit exit =
        new ServerExit(Server.of("kafka"), 3, Path.of("/logs/k.log"), List.of("boom"));
    assertThat(exit.message())
        .isEqualTo("kafka has ended with exit code 3. Its log: /logs/k.log\n    boom");
  }
}
