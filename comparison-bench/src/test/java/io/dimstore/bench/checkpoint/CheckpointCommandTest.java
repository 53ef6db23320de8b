// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.bench.BenchMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointCommandTest {

  @ParameterizedTest
  @CsvSource({
    "--users=99, --users '99': must be 100 to 10,000,000",
    "--events-per-user=0, --events-per-user '0': must be 1 to 100",
    "--rate=0, --rate '0': must be 1 to 100,000",
    "--rounds=5, --rounds '5': must be 6 to 1,000",
    "--parallelism=65, --parallelism '65': must be 1 to 64",
    "--block=50ms, --block '50ms': must be 100ms to 10m",
    "--backends=disk, --backends 'disk': must be one of heap",
    "--json=/no/such/folder/f.json, --json '/no/such/folder/f.json': must be a file in a folder"
  })
  void aWrongOptionIsNamedBeforeAnyServerStarts(String option, String message) {
    StringWriter err = new StringWriter();
    int exit =
        BenchMain.commandLine()
            .setErr(new PrintWriter(err, true))
            .execute("bench", "checkpoint", option);
    assertThat(exit).isEqualTo(2);
    assertThat(err.toString()).startsWith("error: " + message).hasLineCount(1);
  }
}
