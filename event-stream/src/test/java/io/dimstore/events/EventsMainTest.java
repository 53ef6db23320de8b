// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EventsMainTest {

  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String behavior;

  @BeforeEach
  void writeAFile() throws IOException {
    Path file = directory.resolve("behavior.csv");
    Files.writeString(file, "1,2,3,pv,10\n1,2,3,PV,10\n1,2,4,buy,11\nbroken\n");
    behavior = file.toString();
  }

  @Test
  void replayPrintsCountsThatAddUp() {
    int code = run("replay", behavior, "--input-format", "user-behavior", "--out", target());

    assertThat(code).isZero();
    assertThat(out.toString())
        .containsPattern("lines read +4\n")
        .containsPattern("events +2\n")
        .containsPattern("refused +2\n")
        .containsPattern("unreadable-behavior +1\n")
        .containsPattern("unreadable-line +1\n")
        .containsPattern("dim_item changes +2\n")
        .containsPattern("sha256 +[0-9a-f]{64}\n");
    assertThat(directory.resolve("out/refused-lines.jsonl")).content().hasLineCount(2);
  }

  @Test
  void refusedLinesAreWrittenToTheChosenOutput() {
    Path refused = directory.resolve("refused.jsonl");
    int code =
        run(
            "replay",
            behavior,
            "--input-format=user-behavior",
            "--out",
            target(),
            "--refused",
            refused.toString());

    assertThat(code).isZero();
    assertThat(refused).content().hasLineCount(2).contains("\"raw\":\"broken\"");
    assertThat(directory.resolve("out/refused-lines.jsonl")).isEmptyFile();
  }

  @Test
  void generateWritesTheSameFilesForTheSameSeed() throws IOException {
    String other = directory.resolve("other").toString();
    assertThat(run("generate", "--seed=3", "--count=500", "--out", target())).isZero();
    assertThat(run("generate", "--seed=3", "--count=500", "--out", other)).isZero();

    for (String name : new String[] {"events", "dim-user-changes", "dim-item-changes"}) {
      assertThat(directory.resolve("out/" + name + ".jsonl"))
          .isNotEmptyFile()
          .hasSameBinaryContentAs(directory.resolve("other/" + name + ".jsonl"));
    }
    assertThat(Files.readAllLines(directory.resolve("out/events.jsonl"))).hasSize(500);
  }

  @Test
  void zipfSetsBothExponentsUnlessOneHasItsOwn() {
    run("generate", "--count=10", "--zipf=0.5", "--item-zipf=1.5", "--out", target());

    assertThat(out.toString()).contains("Zipf 0.5 and 1.5");
  }

  @Test
  void helpShowsExamplesAndFormats() {
    assertThat(run("--help")).isZero();
    assertThat(run("generate", "--help")).isZero();
    assertThat(run("replay", "--help")).isZero();
    assertThat(out.toString())
        .contains("Examples:")
        .contains("bin/dimstore events replay")
        .contains("online-retail|user-behavior")
        .contains("Exit codes:");
  }

  @Test
  void wrongUsageIsTwoAndNamesTheOption() {
    assertUsage("a command is missing: one of generate, replay");
    assertUsage("either --bootstrap or --out", "generate");
    assertUsage(
        "FILE 'nowhere.csv': must be a file that exists",
        "replay",
        "nowhere.csv",
        "--input-format=online-retail",
        "--out=x");
    assertUsage(
        "--input-format online-retail|user-behavior is missing",
        "replay",
        behavior,
        "--out",
        target());
    assertUsage(
        "--input-format 'csv': must be one of online-retail, user-behavior",
        "replay",
        behavior,
        "--input-format=csv",
        "--out",
        target());
    assertUsage("--users '0': must be", "generate", "--users=0", "--out", target());
    assertUsage(
        "--events-per-second '0.0': must be above 0",
        "generate",
        "--events-per-second=0",
        "--bootstrap=localhost:1");
    assertUsage(
        "--kafka-option and --kafka-config go with --bootstrap",
        "generate",
        "--kafka-option=acks=all",
        "--out",
        target());
    assertUsage(
        "--mean-gap '400d': must be from 0s to 365d",
        "generate",
        "--mean-gap=400d",
        "--out",
        target());
    assertUsage(
        "--late-by '0s': must be from 1ms to 365d", "generate", "--late-by=0s", "--out", target());
    assertUsage("files are not paced", "generate", "--events-per-second=5", "--out", target());
    assertUsage(
        "--partitions '0': must be at least 1",
        "generate",
        "--partitions=0",
        "--bootstrap=localhost:1");
    assertUsage(
        "exclude each other",
        "replay",
        behavior,
        "--input-format=user-behavior",
        "--events-per-second=5",
        "--speed=5",
        "--bootstrap=localhost:1");
    assertUsage("--kafka-config", "generate", "--kafka-config=nowhere", "--bootstrap=localhost:1");
    assertUsage(
        "either --bootstrap or --out", "generate", "--bootstrap=localhost:1", "--out", target());
  }

  @Test
  void aFileOfAnotherFormatIsOneLineAndExitCodeOne() {
    int code = run("replay", behavior, "--input-format=online-retail", "--out", target());

    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).startsWith("error: ").contains(behavior).hasLineCount(1);
  }

  @Test
  void fileWithoutAnyEventFailsAfterItsCounts() throws IOException {
    Path broken = Files.writeString(directory.resolve("broken.csv"), "a\nb\n");
    int code = run("replay", broken.toString(), "--input-format=user-behavior", "--out", target());

    assertThat(code).isEqualTo(1);
    assertThat(out.toString()).containsPattern("unreadable-line +2\n");
    assertThat(err.toString())
        .startsWith("error: none of the 2 lines read from " + broken)
        .contains("--input-format")
        .hasLineCount(1);
  }

  @Test
  void emptyFileFailsUnlessNoLineIsWanted() throws IOException {
    Path empty = Files.createFile(directory.resolve("empty.csv"));
    int code = run("replay", empty.toString(), "--input-format=user-behavior", "--out", target());

    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("error: " + empty + " has no lines to read");
    assertThat(
            run("replay", behavior, "--input-format=user-behavior", "--limit=0", "--out", target()))
        .isZero();
  }

  @Test
  void anOutputThatFailsIsOneLineAndExitCodeOne() {
    int code = run("generate", "--count=5", "--out", behavior);

    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).startsWith("error: ").contains(behavior).hasLineCount(1);
  }

  private void assertUsage(String message, String... arguments) {
    err.getBuffer().setLength(0);
    assertThat(run(arguments)).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("error: ")
        .contains(message)
        .contains("'bin/dimstore events")
        .doesNotContain("Exception")
        .hasLineCount(1);
  }

  private String target() {
    return directory.resolve("out").toString();
  }

  private int run(String... arguments) {
    CommandLine commandLine = EventsMain.commandLine();
    commandLine.setOut(new PrintWriter(out));
    commandLine.setErr(new PrintWriter(err));
    return commandLine.execute(arguments);
  }
}
