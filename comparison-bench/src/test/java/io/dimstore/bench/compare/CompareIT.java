// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.bench.BenchMain;
import io.dimstore.bench.compare.process.ArmProcess;
import io.dimstore.bench.compare.process.WorkFolder;
import io.dimstore.stack.LocalStack;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs a whole comparison on the real servers, as the README's first command does, with less input.
 */
class CompareIT {

  @TempDir Path folder;

  @Test
  void allArmsAgreeOnTheFirstLinesOfTheRealFile() throws Exception {
    Path file = Path.of(System.getProperty("dimstore.home"), "../shared/data/online-retail.csv.gz");

    JsonNode results =
        launch("--input", file.toString(), "--input-format", "online-retail", "--limit", "4000");

    assertThat(results.get("arms"))
        .extracting(arm -> arm.get("name").asText())
        .containsExactlyInAnyOrderElementsOf(namesOfArmFiles());
    assertThat(results.get("input").get("linesRead").asLong()).isEqualTo(4000);
    assertThat(results.get("input").get("refused").size()).isPositive();
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
    assertThat(folder.resolve("out"))
        .isDirectoryNotContaining(path -> path.endsWith(WorkFolder.NAME));
    assertThat(results.get("run").get("commandLine").asText())
        .startsWith("DIMSTORE_")
        .endsWith("--limit 4000 --out out");
  }

  /** Returns the names of the arm files in the folders of all modules. */
  private static List<String> namesOfArmFiles() throws IOException {
    Path home = Path.of(System.getProperty("dimstore.home"));
    List<String> names = new ArrayList<>();
    for (String modules : List.of("", "dim-store")) {
      try (DirectoryStream<Path> folders = Files.newDirectoryStream(home.resolve(modules))) {
        for (Path folder : folders) {
          Path arms = folder.resolve("src/main/resources/META-INF/dimstore/arms");
          if (Files.isDirectory(arms)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(arms, "*.properties")) {
              files.forEach(file -> names.add(file.getFileName().toString().split("\\.")[0]));
            }
          }
        }
      }
    }
    return names;
  }

  @Test
  void bothPathsAgreeOnSyntheticEventsWithTiesLateEventsAndDeletedRows() throws Exception {
    JsonNode results;
    try (LocalStack users = LocalStack.start("dynamodb")) {
      String address = users.dynamoDb().address();
      results =
          compare(
              "--arms=hbase-redis,dynamodb",
              "--limit=3000",
              "--seed=7",
              "--paced-rate=400",
              "--dynamodb-endpoint=" + address);
      assertThat(results.at("/run/servers/dynamodb").asText())
          .isEqualTo("a server of the user, at " + address);
      assertThat(results.at("/run/pacedEventsPerSecond").asInt()).isEqualTo(400);
    }

    assertThat(results.get("arms")).hasSize(2);
    JsonNode arm = results.get("arms").get(0);
    assertThat(arm.get("lookups").get("found").asLong())
        .as("some rows are missing on purpose")
        .isBetween(1L, arm.get("lookups").get("asked").asLong() - 1);
    assertThat(arm.get("requestsPerEvent").asDouble()).isPositive();
  }

  /**
   * Runs the launcher, which finds the stores that this module does not depend on. The output
   * folder is relative, as it is by default.
   */
  private JsonNode launch(String... more) throws Exception {
    Path log = folder.resolve("log");
    List<String> command = arguments("out", more);
    command.add(0, Path.of(System.getProperty("dimstore.home"), "bin", "dimstore").toString());
    ProcessBuilder launcher =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    launcher.environment().put("JAVA_HOME", System.getProperty("java.home"));
    launcher.environment().put("DIMSTORE_NO_BUILD", "1");
    Path temp = Files.createDirectory(folder.resolve("tmp"));
    launcher.environment().put("DIMSTORE_JAVA_OPTS", "-XX:-UsePerfData -Djava.io.tmpdir=" + temp);
    Process comparison = launcher.start();
    boolean ended = comparison.waitFor(5, TimeUnit.MINUTES);
    comparison.destroyForcibly();
    assertThat(ended).as(Files.readString(log)).isTrue();
    return checked(comparison.exitValue(), Files.readString(log));
  }

  private JsonNode compare(String... more) throws Exception {
    StringWriter out = new StringWriter();
    int exitCode =
        BenchMain.commandLine()
            .setOut(new PrintWriter(out, true))
            .execute(arguments(folder.resolve("out").toString(), more).toArray(String[]::new));
    return checked(exitCode, out.toString());
  }

  private static List<String> arguments(String out, String... more) {
    List<String> arguments = new ArrayList<>(List.of("compare"));
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("--out", out));
    return arguments;
  }

  private JsonNode checked(int exitCode, String out) throws Exception {
    assertThat(exitCode).as(out).isZero();
    assertThat(out)
        .contains(
            "Report: "
                + folder.resolve("out/report.html")
                + "   Results: "
                + folder.resolve("out/results.json"));
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
                BenchMain.commandLine()
                    .setErr(new PrintWriter(err, true))
                    .execute(
                        "compare",
                        "--arms",
                        "dynamodb",
                        "--limit",
                        "3000",
                        "--out",
                        folder.toString()));
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
    Process comparison = start();
    await(() -> processes(ArmProcess.MARK).findAny().isPresent());
    List<ProcessHandle> started = comparison.descendants().toList();
    comparison.destroyForcibly();

    assertThat(started).hasSizeGreaterThan(1);
    await(() -> started.stream().noneMatch(ProcessHandle::isAlive));
  }

  @Test
  void anInterruptedComparisonLeavesAPartialReportAndNoOtherFile() throws Exception {
    Process comparison = start();
    Path out = folder.resolve("out");
    await(() -> processes(ArmProcess.MARK).findAny().isPresent());

    StringWriter err = new StringWriter();
    int second =
        BenchMain.commandLine()
            .setErr(new PrintWriter(err, true))
            .execute("compare", "--arms", "memory", "--out", out.toString());
    assertThat(second).isEqualTo(2);
    assertThat(err.toString())
        .contains("--out '" + out + "'")
        .contains("process " + comparison.pid());

    await(() -> Files.exists(out.resolve("results.json")));
    comparison.destroy();
    assertThat(comparison.waitFor(1, TimeUnit.MINUTES)).isTrue();
    JsonNode results = new ObjectMapper().readTree(out.resolve("results.json").toFile());
    assertThat(results.get("finished").asBoolean()).isFalse();
    assertThat(results.get("problems").toString()).contains("Arms without results: memory");
    assertThat(out.resolve("report.html")).content().contains("NOT finished");
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
    try (Stream<Path> left = Files.list(out)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder(".lock", "results.json", "report.html", "arm-memory.log");
    }
  }

  /** Starts a comparison in a process of its own, with its own temp folder. */
  private Process start() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Ddimstore.home=" + System.getProperty("dimstore.home"));
    command.add("-Djava.io.tmpdir=" + Files.createDirectory(folder.resolve("tmp")));
    command.add("-XX:-UsePerfData");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(BenchMain.class.getName(), "compare", "--arms", "memory"));
    command.addAll(List.of("--limit", "3000", "--out", folder.resolve("out").toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  /**
   * Returns the Java processes below this one whose command line contains the argument. Each server
   * runs below a guard process.
   */
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
