// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.DocumentedMetrics;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MetricsReferenceTest {

  private static final String MARK = "<!-- The table is written by MetricsReferenceTest";
  private static final String STORE = "dim.store.<store>.";

  /**
   * To update the reference, run {@code mvn -pl flink-connector-dim test
   * -Dtest=MetricsReferenceTest -Dupdate=true}.
   */
  @Test
  void documentedTableMatchesTheDeclaredMetrics() throws Exception {
    String page = Files.readString(DocumentedMetrics.PAGE);
    int begin = page.indexOf("\n\n", page.indexOf(MARK)) + 2;
    int end = page.indexOf("\n\n", begin) + 1;
    String wanted = page.substring(0, begin) + table() + page.substring(end);
    if (Boolean.getBoolean("update")) {
      Files.writeString(DocumentedMetrics.PAGE, wanted);
    }
    assertThat(DocumentedMetrics.PAGE)
        .as("run this test with -Dupdate=true to write it anew")
        .hasContent(wanted);
  }

  @Test
  void noTwoMetricsHaveTheSameName() {
    assertThat(ConnectorMetric.values()).extracting(ConnectorMetric::path).doesNotHaveDuplicates();
  }

  private static String table() {
    StringBuilder table =
        new StringBuilder("| metric | kind | shown by | what it is |\n| --- | --- | --- | --- |\n");
    Arrays.stream(ConnectorMetric.values())
        .forEach(
            metric ->
                table
                    .append("| `")
                    .append(metric.path().substring(STORE.length()))
                    .append("` | ")
                    .append(metric.kind())
                    .append(" | ")
                    .append(
                        metric.scope().isOfProcess() ? "one subtask of a process" : "each subtask")
                    .append(" | ")
                    .append(metric.meaning())
                    .append(" |\n"));
    return table.toString();
  }
}
