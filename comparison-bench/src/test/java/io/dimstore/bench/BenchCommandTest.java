package io.dimstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchCommandTest {

  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  @Test
  void whatToMeasureHasToBeNamed() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("Name what to measure: store").doesNotContain("\tat ");
  }

  @Test
  void helpNamesWhatCanBeMeasured() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("bin/dimstore bench store");
  }

  private int run(String... args) {
    return new CommandLine(new BenchCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
