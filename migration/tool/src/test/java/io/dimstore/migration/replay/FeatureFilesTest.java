// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.migration.gate.Evidence;
import io.dimstore.migration.phase.MigrationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureFilesTest {

  @TempDir private Path folder;

  @Test
  void orderOfRowsAndFieldsDoesNotMatter() throws Exception {
    Path old = file("old", "{\"id\":1,\"a\":2}\n{\"id\":2,\"a\":null}\nplain,row\n");
    Path target = file("new", "plain,row\n{\"a\":null,\"id\":2}\n\n{\"a\":2,\"id\":1}\n");
    Instant older = Instant.parse("2026-03-01T12:00:00Z");
    Files.setLastModifiedTime(target, FileTime.from(older));
    ReplayResult result = FeatureFiles.compare(old, target);
    assertThat(result.problems()).isEmpty();
    assertThat(result.finding().evidence()).isEqualTo(new Evidence.Replay(3, 0));
    assertThat(result.at()).as("the older file decides the age").isEqualTo(older);
    assertThat(result.context().get("oldSha256")).hasSize(64);
  }

  @Test
  void rowThatDiffersIsMissingOrTwiceIsADifference() throws Exception {
    Path old = file("old", "{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n");
    for (String rows :
        new String[] {
          "{\"id\":1}\n{\"id\":2}\n{\"id\":4}\n",
          "{\"id\":1}\n{\"id\":2}\n",
          "{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n{\"id\":3}\n"
        }) {
      ReplayResult result = FeatureFiles.compare(old, file("new", rows));
      assertThat(result.differences()).as(rows).isEqualTo(1);
      assertThat(result.problems()).singleElement().asString().contains("1 feature rows differ");
    }
  }

  @Test
  void emptyFilesAreNoEvidence() throws Exception {
    ReplayResult result = FeatureFiles.compare(file("old", "\n"), file("new", ""));
    assertThat(result.problems()).containsExactly("no feature row was compared");
  }

  @Test
  void theSameFileTwiceIsRefused() throws Exception {
    Path file = file("old", "{}\n");
    assertThatThrownBy(() -> FeatureFiles.compare(file, file))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("are the same file");
  }

  private Path file(String name, String content) throws Exception {
    return Files.writeString(folder.resolve(name), content);
  }
}
