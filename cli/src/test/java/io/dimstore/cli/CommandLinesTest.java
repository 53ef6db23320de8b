// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

class CommandLinesTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                             | a command is missing: one of copy, fail",
        "cpoy                         | there is no command 'cpoy'; there are copy, fail",
        "copy f --limt 3              | there is no option '--limt'; did you mean '--limit'?",
        "copy f --lmit=3              | there is no option '--lmit'; did you mean '--limit'?",
        "copy f --no-such-option      | there is no option '--no-such-option'",
        "copy f --bootstrap-server b  | there is no option '--bootstrap-server'; did you mean '--bootstrap'?",
        "copy f --kafka b             | there is no option '--kafka'; did you mean '--kafka-option'?",
        "copy f --satrt x             | there is no option '--satrt'; did you mean '--start'?",
        "copy f --store b             | there is no option '--store'",
        "copy f --wide                | there is no option '--wide'",
        "copy f --sart x              | there is no option '--sart'; did you mean '--start'?",
        "copy f --redis-option x      | there is no option '--redis-option'",
        "copy f g                     | unexpected argument 'g'",
        "copy                         | FILE is missing",
        "copy --limt 3                | there is no option '--limt'; did you mean '--limit'?",
        "copy f --limit               | --limit N: the value is missing",
        "copy f --limit x             | --limit 'x': must be a whole number",
        "copy f --limit 0             | --limit '0': must be at least 1",
        "copy f --share x             | --share 'x': must be a number",
        "copy f --wait 5              | --wait '5': must be a duration such as 500ms, 10s, 5m, 2h or 1d",
        "copy f --at noon             | --at 'noon': must be a time such as 2024-01-01T00:00:00Z",
        "copy f --start end           | --start 'end': must be one of earliest, group-offsets",
        "copy f --topic user          | --topic 'user': must be DIMENSION=TOPIC",
        "copy f --kafka-option hush   | --kafka-option: must be NAME=VALUE",
        "copy f --kafka-option p hush | --kafka-option: must be NAME=VALUE",
        "copy f --kafka-option p=my hush | unexpected argument after the options: a value with spaces needs quotes",
        "copy f --kafka-option p=my -push | unexpected argument after the options: a value with spaces needs quotes",
        "copy f --kafka-option p=my --Hu5h=h | unexpected argument after the options: a value with spaces needs quotes",
        "copy f --kafka-option p=my --hush=h | there is no option '--hush'",
        "copy f -push                 | there is no option '-push'",
        "copy f --quick=hush          | --quick: takes no value",
        "copy f --limit 1 --limit 2   | --limit is given twice",
        "copy f --kafka-option a=b    | --bootstrap HOST:PORT is missing: name the Kafka brokers, or set DIMSTORE_KAFKA_ADDRESS as 'bin/dimstore stack up --format env' does",
        "copy f --kafka-config no/f   | --kafka-config 'no/f': must be a properties file that can be read",
      })
  void wrongUsageIsOneLineWithTheOptionTheValueAndTheRemedy(@Nullable String line, String message) {
    assertThat(run(line == null ? new String[0] : line.split(" +"))).isEqualTo(ExitCodes.USAGE);
    String command = line != null && line.startsWith("copy") ? "program copy" : "program";
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            "error: "
                + message
                + (message.endsWith("?") ? " '" : ". '")
                + command
                + " --help' lists the options.\n");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void valuesOfEveryKindAreRead(@TempDir Path folder) throws IOException {
    Path config = folder.resolve("kafka.properties");
    Files.writeString(config, "sasl.jaas.config=hush\nclient.id=file\n");
    int code =
        run(
            "copy",
            "f",
            "--wait=2h",
            "--at=2024-01-01T00:00:00Z",
            "--start=Group-Offsets",
            "--bootstrap=b:1",
            "--kafka-config=" + config,
            "--kafka-option=client.id=line");
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("PT2H 2024-01-01T00:00:00Z GROUP_OFFSETS b:1")
        .contains("sasl.jaas.config=hush", "client.id=line");
  }

  @Test
  void helpShowsDefaultsAndExitCodesAndEndsWithZero() {
    assertThat(run("copy", "--help")).isZero();
    assertThat(out.toString())
        .contains("--help", "--version", "Default: 10s", "Exit codes:")
        .contains(ExitCodes.table().values());
  }

  @Test
  void theVersionIsThatOfTheBuild() {
    assertThat(run("copy", "--version")).isZero();
    assertThat(out.toString()).matches("dimstore \\d+\\.\\d+.*, Java 17\\R");
  }

  @Test
  void aKnownFailureIsOneLineAndAnUnknownOneShowsItsStack() {
    assertThat(run("fail")).isEqualTo(ExitCodes.FAILED);
    assertThat(err.toString()).isEqualToNormalizingNewlines("error: the disk is full\n");
    err.getBuffer().setLength(0);
    assertThat(run("fail", "--unexpected")).isEqualTo(ExitCodes.FAILED);
    assertThat(err.toString())
        .startsWith("error: unexpected failure, please report it:")
        .contains("\tat ");
  }

  private int run(String... arguments) {
    return CommandLines.of(
            new Program(), FailureReporter.messagesOf(List.of(IllegalStateException.class)))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  enum Start {
    EARLIEST,
    GROUP_OFFSETS
  }

  @Command(
      name = "program",
      subcommands = {Copy.class, Fail.class})
  static final class Program {}

  @Command(name = "copy")
  static final class Copy implements Callable<Integer> {

    @Spec CommandSpec spec;

    @Parameters(paramLabel = "FILE")
    Path file;

    @Option(names = "--limit", paramLabel = "N")
    Long limit;

    @Option(names = "--quick")
    boolean quick;

    @Option(names = "--share", paramLabel = "SHARE")
    double share;

    @Option(names = "--wait", paramLabel = "DURATION", defaultValue = "10s")
    Duration wait;

    @Option(names = "--at", paramLabel = "TIME")
    Instant at;

    @Option(names = "--start", paramLabel = "earliest|group-offsets")
    Start start;

    @Option(names = "--topic", paramLabel = "DIMENSION=TOPIC")
    Map<String, String> topics = new LinkedHashMap<>();

    @Mixin KafkaOptions kafka;

    @Override
    public Integer call() {
      if (limit != null) {
        Usage.requireAtLeast(1, "--limit", limit);
      }
      Map<String, String> properties = kafka.properties();
      spec.commandLine()
          .getOut()
          .println(wait + " " + at + " " + start + " " + kafka.bootstrap() + " " + properties);
      return ExitCodes.OK;
    }
  }

  @Command(name = "fail")
  static final class Fail implements Callable<Integer> {

    @Option(names = "--unexpected")
    boolean unexpected;

    @Override
    public Integer call() {
      throw unexpected
          ? new UnsupportedOperationException("oops")
          : new IllegalStateException("the disk\n is full");
    }
  }
}
