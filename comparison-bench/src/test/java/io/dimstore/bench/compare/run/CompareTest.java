// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.bench.compare.report.ReportFiles;
import io.dimstore.bench.compare.settings.CompareSettings;
import io.dimstore.bench.subject.BenchException;
import io.dimstore.cli.Progress;
import io.dimstore.events.generate.GeneratedInput;
import io.dimstore.events.generate.GeneratorOptions;
import io.dimstore.events.input.EventInput;
import io.dimstore.events.replay.FileInput;
import io.dimstore.events.replay.ReplayFormat;
import io.dimstore.stack.StackOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareTest {

  private static final List<String> EARLIER = List.of("results.json", "report.html", "arm-h2.log");

  @TempDir Path folder;

  @BeforeEach
  void anEarlierComparisonHasItsReport() throws Exception {
    for (String file : EARLIER) {
      Files.writeString(folder.resolve(file), "earlier");
    }
  }

  @Test
  void theEarlierReportStaysIfTheServersDoNotStart() throws Exception {
    GeneratorOptions few = GeneratorOptions.defaults().withCount(10);
    Compare compare = compare(GeneratedInput.of(few));
    assertThatThrownBy(compare::run).hasMessage("no server");
    assertEarlierReportIsWhole(compare);
  }

  @Test
  void theEarlierReportStaysIfTheInputHasNoEvent() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.csv"), "");
    Compare compare = compare(FileInput.of(empty, ReplayFormat.USER_BEHAVIOR, FileInput.ALL));
    assertThatThrownBy(compare::run)
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("no event");
    assertEarlierReportIsWhole(compare);
  }

  @Test
  void ofTheEarlierFilesThoseOfAComparisonAreDeletedAlone() throws Exception {
    Files.writeString(folder.resolve("arm-notes.log"), "the user's");
    new ReportFiles(folder).deleteOld(List.of("h2", "memory"));
    assertThat(folder.toFile().list()).containsExactly("arm-notes.log");
  }

  private void assertEarlierReportIsWhole(Compare compare) {
    for (String file : EARLIER) {
      assertThat(folder.resolve(file)).hasContent("earlier");
    }
    assertThat(compare.hasReported()).isFalse();
  }

  private Compare compare(EventInput input) {
    CompareSettings settings =
        new CompareSettings(
            "smoke",
            input,
            List.of(),
            StackOptions.of("kafka"),
            folder,
            1,
            1,
            200,
            200,
            "bin/dimstore compare");
    return new Compare(
        settings,
        new Progress(new PrintWriter(new StringWriter())),
        servers -> {
          throw new IllegalStateException("no server");
        });
  }
}
