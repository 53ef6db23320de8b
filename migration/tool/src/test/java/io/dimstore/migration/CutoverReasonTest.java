// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gates are passed only with a reason that people can read. */
class CutoverReasonTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n"})
  void blankReasonIsRefusedBeforeAnythingIsRead(String reason) throws Exception {
    try (MovingTable moving = new MovingTable(folder, "memory")) {
      moving.expect(2, "cutover", "--force=" + reason);
      assertThat(moving.err()).contains("--force needs a reason, which is kept in the log");
      assertThat(moving.out()).isEmpty();
    }
  }
}
