// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class StackMainTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine command = StackMain.commandLine();
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return command.execute(arguments);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "up --help", "down --help", "status --help"})
  void helpShowsExamplesOnStandardOutput(String line) {
    assertThat(run(line.split(" "))).isZero();
    assertThat(out.toString()).contains("Usage: bin/dimstore stack").contains("Example");
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                                | a command is missing: one of up, down, status",
        "up --only kafak                 | --only 'kafak': must be one of hbase, kafka, dynamodb, redis, flink",
        "up --port kafka=65536           | '65536': must be a port, 1 to 65535",
        "up --port kafka=x               | 'x': must be a port, 1 to 65535",
        "up --port kafak=1               | 'kafak': must be one of hbase, kafka, dynamodb, redis, flink",
        "up --only redis --port kafka=1  | --port 'kafka=1': must be of one of the servers to start",
        "up --only redis --timeout 0s    | --timeout '0s': must be at least 1s",
        "up --only redis --hdfs          | --hdfs goes with hbase",
        "up --only hbase --hdfs=10       | --hdfs '10': must be 1 to 9",
        "up --taskmanagers 2             | --taskmanagers goes with --flink",
        "up --ha                         | --ha goes with --flink",
        "up --flink --taskmanagers 0     | --taskmanagers '0': must be 1 to 9",
        "up --dynamodb-endpoint h:8000   | --dynamodb-endpoint must be an address such as http://127.0.0.1:8000",
        "up --only redis --dynamodb-endpoint http://h:1 | --dynamodb-endpoint goes with the server dynamodb, and the servers are redis",
        "up --format xml                 | --format 'xml': must be one of table, env, json",
        "up --detahc                     | --detach",
      })
  void wrongUsageIsReportedBrieflyAndExitsWith2(String line, String message) {
    String[] arguments = line == null ? new String[0] : line.split(" +");
    assertThat(run(arguments)).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .startsWith("error: ")
        .contains(message)
        .contains("--help' lists the options.")
        .hasLineCount(1);
  }
}
