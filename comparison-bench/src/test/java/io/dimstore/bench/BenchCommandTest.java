// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchCommandTest {

  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  @Test
  void whatToMeasureHasToBeNamed() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString())
        .contains("error: a command is missing: one of store, job")
        .doesNotContain("\tat ");
  }

  @Test
  void helpNamesWhatCanBeMeasured() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("bin/dimstore bench store");
  }

  private int run(String... args) {
    List<String> words = new ArrayList<>(List.of("bench"));
    words.addAll(List.of(args));
    return BenchMain.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(words.toArray(String[]::new));
  }
}
