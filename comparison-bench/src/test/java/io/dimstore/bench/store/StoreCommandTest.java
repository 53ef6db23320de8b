// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.bench.BenchMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreCommandTest {

  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  @TempDir Path folder;

  @Test
  void helpHasExamplesAndExitCodes() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains("bin/dimstore bench store --subject hbase-redis")
        .contains("Exit code");
  }

  @Test
  void aSubjectHasToBeNamed() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("--subject SUBJECT is missing").doesNotContain("\tat ");
  }

  @Test
  void anUnknownSubjectIsNamedWithTheKnownOnes() {
    assertThat(run("--subject", "redis")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--subject 'redis': must be one of hbase-redis, dynamodb, slow-redis");
  }

  @Test
  void rowsAndBlocksHaveBounds() {
    assertThat(run("--subject", "dynamodb", "--rows", "99")).isEqualTo(2);
    assertThat(run("--subject", "dynamodb", "--blocks", "5")).isEqualTo(2);
    assertThat(run("--subject", "dynamodb", "--warm-up", "2h")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--rows '99': must be 100 to 1,000,000")
        .contains("--blocks '5': must be 6 to 10,000")
        .contains("--warm-up '2h': must be at most 1h");
  }

  @Test
  void anUnknownOperationIsNamedWithThoseOfTheStore() {
    assertThat(run("--subject", "dynamodb", "--operations", "batchRead,readHit")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--operations 'readHit'")
        .contains("must be one of batchRead, write for --subject dynamodb");
  }

  @Test
  void optionsThatTheMixesWouldIgnoreAreRefused() {
    for (String option : List.of("--rows=1000", "--warm-up=1s", "--operations=write")) {
      assertThat(run("--subject", "dynamodb", "--mixes", option)).isEqualTo(2);
    }
    assertThat(err.toString().lines())
        .hasSize(3)
        .allMatch(line -> line.contains("without --operations, --rows, --warm-up, --json"));
  }

  @Test
  void aDynamoDbServerOfOnesOwnNeedsASubjectThatUsesIt() {
    assertThat(run("--subject", "hbase-redis", "--dynamodb-endpoint=http://h:1")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--dynamodb-endpoint goes with the server dynamodb, and the servers are hbase,");
  }

  @Test
  void theFolderForTheFiguresMustExist() {
    Path file = folder.resolve("missing").resolve("figures.json");
    assertThat(run("--subject", "dynamodb", "--json", file.toString())).isEqualTo(2);
    assertThat(run("--subject", "dynamodb", "--json", folder.toString())).isEqualTo(2);
    assertThat(err.toString()).contains(file.toString()).contains("--json");
  }

  @Test
  void mixesGoWithASubjectThatHasThem() {
    assertThat(run("--subject", "slow-redis", "--mixes")).isEqualTo(2);
    assertThat(err.toString()).contains("--mixes goes with --subject dynamodb alone");
  }

  private int run(String... args) {
    List<String> words = new ArrayList<>(List.of("bench", "store"));
    words.addAll(List.of(args));
    return BenchMain.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(words.toArray(String[]::new));
  }
}
