// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.bench.BenchMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LookupCommandTest {

  @ParameterizedTest
  @CsvSource({
    "--rounds=5, --rounds '5': must be 6 to",
    "--rows=99, --rows '99': must be 100 to",
    "--parallelism=0, --parallelism '0': must be 1 to 64",
    "--in-flight=0, --in-flight '0': must be 1 to",
    "--cached-rows=0, --cached-rows '0': must be 1 to",
    "--key-zipf=-1, --key-zipf '-1.0': must be 0 to 5",
    "--key-zipf=NaN, --key-zipf 'NaN': must be 0 to 5",
    "--misses=1.1, --misses '1.1': must be 0 to 1",
    "--block=50ms, --block '50ms': must be 100ms to 10m",
    "--warm-up=11m, --warm-up '11m': must be 0s to 10m",
    "--round-trip=2s, --round-trip '2s': must be 0s to 1s",
    "--json=/no/such/folder/job.json, --json '/no/such/folder/job.json': must be a file in a folder",
    "--arms=no-such-arm, --arms 'no-such-arm': must be one of memory"
  })
  void aWrongOptionIsNamedBeforeAnyServerStarts(String option, String message) {
    assertRefused("lookup", option, message);
  }

  @ParameterizedTest
  @CsvSource({
    "--rows=99, --rows '99': must be 100 to",
    "--changed-rows=9, --changed-rows '9': must be 10 to"
  })
  void aWrongOptionOfTheCacheIsNamed(String option, String message) {
    assertRefused("cache", option, message);
  }

  private static void assertRefused(String command, String option, String message) {
    StringWriter err = new StringWriter();
    int exit =
        BenchMain.commandLine()
            .setErr(new PrintWriter(err, true))
            .execute("bench", command, option);
    assertThat(exit).isEqualTo(2);
    assertThat(err.toString()).startsWith("error: " + message).hasLineCount(1);
  }
}
