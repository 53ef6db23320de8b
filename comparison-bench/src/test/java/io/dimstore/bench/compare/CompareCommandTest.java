// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.bench.BenchMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {

  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  @TempDir Path folder;

  @Test
  void helpHasExamplesAndExitCodes() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains("bin/dimstore compare --profile quick")
        .contains("Exit code");
  }

  @Test
  void anUnknownOptionIsUsage() {
    assertThat(run("--profil", "smoke")).isEqualTo(2);
    assertThat(err.toString()).startsWith("error: ").contains("--profil").doesNotContain("\tat ");
  }

  @Test
  void anUnknownProfileArmOrFormatIsNamedWithTheKnownOnes() throws Exception {
    Path file = Files.writeString(folder.resolve("x.csv"), "x");
    assertThat(run("--profile", "huge")).isEqualTo(2);
    assertThat(run("--arms", "redis")).isEqualTo(2);
    assertThat(run("--input", file.toString(), "--input-format", "parquet")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--profile 'huge': must be one of smoke, quick, full")
        .contains("--arms 'redis': must be one of memory, hbase-redis, dynamodb, stock-hbase")
        .contains("online-retail");
  }

  @Test
  void aMissingFileIsNamed() {
    Path missing = folder.resolve("missing.csv");
    assertThat(run("--input", missing.toString(), "--input-format", "online-retail")).isEqualTo(2);
    assertThat(err.toString()).contains(missing.toString());
  }

  @Test
  void aFileNeedsItsFormat() throws Exception {
    Path file = Files.writeString(folder.resolve("x.csv"), "x");
    assertThat(run("--input", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("--input-format online-retail");
  }

  @Test
  void theOutputFolderMustNotBeAFile() throws Exception {
    Path file = Files.writeString(folder.resolve("x"), "x");
    assertThat(run("--out", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("--out");
  }

  @Test
  void aDynamoDbServerOfOnesOwnNeedsAnAddressAndAnArmThatUsesIt() {
    assertThat(run("--dynamodb-endpoint", "localhost:8000")).isEqualTo(2);
    assertThat(run("--dynamodb-endpoint", "http://localhost:8000", "--arms=memory")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--dynamodb-endpoint must be an address such as http://127.0.0.1:8000")
        .contains("--dynamodb-endpoint goes with the server dynamodb, and the servers are kafka");
  }

  private int run(String... args) {
    List<String> words = new ArrayList<>(List.of("compare"));
    words.addAll(List.of(args));
    return BenchMain.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(words.toArray(String[]::new));
  }
}
