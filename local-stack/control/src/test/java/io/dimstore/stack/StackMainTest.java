package io.dimstore.stack;

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
        "                                | Say what to do: up, down or status.",
        "up --only kafak                 | there is no server 'kafak', only hbase, kafka, dynamodb, redis",
        "up --port kafka=65536           | '65536' is not a port, which is 1 to 65535",
        "up --port kafka=x               | 'x' is not a port, which is 1 to 65535",
        "up --only redis --port kafka=1  | --port kafka=1: kafka is not among the servers of --only",
        "up --only redis --timeout 0     | --timeout 0: at least 1 second",
        "up --format xml                 | --format",
        "up --detahc                     | --detach",
      })
  void wrongUsageIsSaidInShortAndExitsWith2(String line, String message) {
    String[] arguments = line == null ? new String[0] : line.split(" +");
    assertThat(run(arguments)).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).contains(message).contains("--help' explains.");
    assertThat(err.toString().lines().count()).isLessThanOrEqualTo(3);
  }
}
