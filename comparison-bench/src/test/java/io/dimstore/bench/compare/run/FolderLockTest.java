// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.run;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.cli.UsageException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {

  @TempDir Path folder;

  @Test
  void aSecondComparisonIsRefusedUntilTheFirstHasEnded() throws Exception {
    Path out = folder.resolve("new");
    try (FolderLock first = FolderLock.of(out)) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> FolderLock.of(folder.resolve("./new")))
            .isInstanceOf(UsageException.class)
            .hasMessageContaining("--out '" + folder.resolve("./new") + "'")
            .hasMessageContaining("process " + ProcessHandle.current().pid());
      }
    }
    FolderLock.of(out).close();
  }
}
