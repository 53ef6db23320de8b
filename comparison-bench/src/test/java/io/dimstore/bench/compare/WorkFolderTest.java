// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.bench.subject.BenchException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFolderTest {

  @TempDir Path folder;

  @Test
  void closingDeletesEverythingInside() throws Exception {
    try (WorkFolder work = WorkFolder.create(folder.resolve("new"))) {
      Files.writeString(Files.createDirectory(work.path().resolve("arm")).resolve("x"), "x");
    }
    assertThat(folder.resolve("new")).isEmptyDirectory();
  }

  @Test
  void aFolderThatCannotBeDeletedDoesNotHideWhyTheComparisonFailed() {
    assertThatThrownBy(
            () -> {
              try (WorkFolder work = WorkFolder.create(folder)) {
                Files.delete(work.path());
                throw new BenchException("the reason");
              }
            })
        .hasMessage("the reason")
        .satisfies(reason -> assertThat(reason.getSuppressed()).hasSize(1));
  }

  @Test
  void closingFirstEndsTheProcessesThatWriteToTheFolder() throws Exception {
    Process writer;
    try (WorkFolder work = WorkFolder.create(folder)) {
      writer =
          new ProcessBuilder(
                  "sh", "-c", "while :; do : >\"$0/$$\"; done", work.folder("tmp").toString())
              .start();
      work.addWriter(writer);
    }
    assertThat(writer.isAlive()).isFalse();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whatAKilledComparisonLeftIsDeletedByTheNext() throws Exception {
    Files.writeString(Files.createDirectory(folder.resolve("work-1")).resolve("x"), "x");
    WorkFolder.create(folder).close();
    assertThat(folder).isEmptyDirectory();
  }
}
