package io.dimstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The whole way on the real servers: what the README's first command does, on less input. */
class CompareIT {

  @TempDir Path folder;

  @Test
  void allArmsAgreeOnTheFirstLinesOfTheRealFile() throws Exception {
    Path file = Path.of(System.getProperty("dimstore.home"), "../shared/data/online-retail.csv.gz");

    JsonNode results =
        compare("--input", file.toString(), "--format", "online-retail", "--limit", "8000");

    assertThat(results.get("arms")).hasSize(4);
    assertThat(results.get("input").get("linesRead").asLong()).isEqualTo(8000);
    assertThat(results.get("input").get("refused").size()).isPositive();
  }

  @Test
  void bothPathsAgreeOnMadeUpEventsWithTiesLateOnesAndDeletedRows() throws Exception {
    JsonNode results = compare("--arms", "hbase-redis,dynamodb", "--limit", "6000", "--seed", "7");

    assertThat(results.get("arms")).hasSize(2);
    JsonNode arm = results.get("arms").get(0);
    assertThat(arm.get("lookups").get("found").asLong())
        .as("some rows are missing on purpose")
        .isBetween(1L, arm.get("lookups").get("asked").asLong() - 1);
    assertThat(arm.get("requestsPerEvent").asDouble()).isPositive();
  }

  private JsonNode compare(String... more) throws Exception {
    StringWriter out = new StringWriter();
    String[] args = new String[more.length + 2];
    System.arraycopy(more, 0, args, 0, more.length);
    args[more.length] = "--out";
    args[more.length + 1] = folder.resolve("out").toString();

    int exitCode =
        new CommandLine(new CompareCommand()).setOut(new PrintWriter(out, true)).execute(args);

    assertThat(exitCode).as(out.toString()).isZero();
    JsonNode results = new ObjectMapper().readTree(folder.resolve("out/results.json").toFile());
    assertThat(results.get("identical").asBoolean()).isTrue();
    assertThat(folder.resolve("out/report.html")).isNotEmptyFile();
    String hash = results.get("arms").get(0).get("outputSha256").asText();
    for (JsonNode arm : results.get("arms")) {
      assertThat(arm.get("outputSha256").asText()).isEqualTo(hash);
      assertThat(arm.get("oracleMismatches").asLong()).isZero();
      assertThat(arm.get("features").get("risk").asLong())
          .isEqualTo(results.get("input").get("events").asLong());
    }
    return results;
  }

  @Test
  void aServerThatDiesHalfWayIsNamedWithItsLog() throws Exception {
    StringWriter err = new StringWriter();
    CompletableFuture<Integer> run =
        CompletableFuture.supplyAsync(
            () ->
                new CommandLine(new CompareCommand())
                    .setErr(new PrintWriter(err, true))
                    .execute("--arms", "dynamodb", "--limit", "3000", "--out", folder.toString()));
    await(() -> processes(ArmProcess.MARK).findAny().isPresent());
    List<ProcessHandle> servers = processes("/dynamodb/tmp").toList();
    assertThat(servers).hasSize(1);
    servers.get(0).destroyForcibly();

    assertThat(run.get(3, TimeUnit.MINUTES)).isEqualTo(1);
    assertThat(err.toString())
        .contains("error: dynamodb has ended")
        .contains("log")
        .doesNotContain("\tat ");
    await(() -> processes(ArmProcess.MARK).findAny().isEmpty());
  }

  @Test
  void aKilledComparisonLeavesNoProcessBehind() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Ddimstore.home=" + System.getProperty("dimstore.home"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(BenchMain.class.getName(), "compare", "--arms", "memory"));
    command.addAll(List.of("--limit", "3000", "--out", folder.toString()));
    Process comparison =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    await(() -> processes(ArmProcess.MARK).findAny().isPresent());
    List<ProcessHandle> started = comparison.descendants().toList();
    comparison.destroyForcibly();

    assertThat(started).hasSizeGreaterThan(1);
    await(() -> started.stream().noneMatch(ProcessHandle::isAlive));
  }

  /** Processes below this one; servers among them run beneath a guard each. */
  private static Stream<ProcessHandle> processes(String argument) {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().commandLine().orElse("").contains(argument))
        .filter(process -> process.info().command().orElse("").endsWith("java"));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("the condition came in time").isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
