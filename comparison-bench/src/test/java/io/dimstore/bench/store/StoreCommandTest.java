package io.dimstore.bench.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class StoreCommandTest {

  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  @TempDir Path folder;

  @Test
  void helpHasExamplesAndExitCodes() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains("bin/dimstore bench store --store hbase-redis")
        .contains("Exit code");
  }

  @Test
  void aStoreHasToBeNamed() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("--store").doesNotContain("\tat ");
  }

  @Test
  void anUnknownStoreIsNamedWithThoseThereAre() {
    assertThat(run("--store", "redis")).isEqualTo(2);
    assertThat(err.toString()).contains("--store 'redis'").contains("hbase-redis, dynamodb");
  }

  @Test
  void rowsAndBlocksHaveBounds() {
    assertThat(run("--store", "dynamodb", "--rows", "99")).isEqualTo(2);
    assertThat(run("--store", "dynamodb", "--blocks", "2")).isEqualTo(2);
    assertThat(run("--store", "dynamodb", "--warm-up", "-1")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--rows must be 100 to")
        .contains("--blocks must be 3 to")
        .contains("--warm-up must be 0 to");
  }

  @Test
  void anUnknownOperationIsNamedWithThoseOfTheStore() {
    assertThat(run("--store", "dynamodb", "--operations", "batchRead,readHit")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--operations 'readHit'")
        .contains("batchRead, write, which --store dynamodb has");
  }

  @Test
  void theFolderOfTheFiguresHasToBeThere() {
    Path file = folder.resolve("missing").resolve("figures.json");
    assertThat(run("--store", "dynamodb", "--json", file.toString())).isEqualTo(2);
    assertThat(run("--store", "dynamodb", "--json", folder.toString())).isEqualTo(2);
    assertThat(err.toString()).contains(file.toString()).contains("--json");
  }

  private int run(String... args) {
    return new CommandLine(new StoreCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
