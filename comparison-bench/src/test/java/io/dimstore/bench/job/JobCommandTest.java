// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.bench.BenchMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobCommandTest {

  @ParameterizedTest
  @CsvSource({
    "--rounds=5, --rounds '5': must be 6 to",
    "--parallelism=0, --parallelism '0': must be 1 to 64",
    "--limit=7, --limit '7': must be at least 8",
    "--warm-up-events=0, --warm-up-events '0': must be 1 to 100",
    "--linger=2s, --linger '2s': must be 0ms to 1s",
    "--json=/no/such/folder/job.json, --json '/no/such/folder/job.json': must be a file in a folder",
    "--arms=no-such-arm, --arms 'no-such-arm': must be one of memory",
    "--arms=stock-hbase, --arms 'stock-hbase': must be one of memory",
    "--input=/no/such/file, --input '/no/such/file': must be a file that can be read",
    "--input-format=online-retail, --input-format goes with --input FILE"
  })
  void aWrongOptionIsNamedBeforeAnyServerStarts(String option, String message) {
    StringWriter err = new StringWriter();
    List<String> words = new ArrayList<>(List.of("bench", "job", option));
    int exit =
        BenchMain.commandLine()
            .setErr(new PrintWriter(err, true))
            .execute(words.toArray(String[]::new));
    assertThat(exit).isEqualTo(2);
    assertThat(err.toString()).startsWith("error: " + message).hasLineCount(1);
  }
}
