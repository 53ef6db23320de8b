// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.faultpage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Tests that every cell of the matrix has a test or a reason for having none, and that the page is
 * up to date.
 */
class FaultsPageTest {

  private static final Path HOME = Path.of(System.getProperty("dimstore.home"));
  private static final Path PAGE = HOME.resolve("docs/faults.md");
  private static final Path DATA = HOME.resolve("docs/faults/matrix.csv");
  private static final Path TEMPLATE = HOME.resolve("docs/faults/page.md");
  private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+(?:IT|Test)(?:\\.\\w+)?)`");

  private static FaultMatrix matrix;
  private static TestSources tests;

  @BeforeAll
  static void read() throws IOException {
    matrix = FaultMatrix.read(DATA);
    tests = new TestSources(HOME);
  }

  @Test
  void everyCellIsCovered() {
    assertThat(matrix.blank()).isEmpty();
    assertThat(matrix.cells()).hasSize(Cell.all().size());
  }

  /** A line that covers no cell, or only cells of earlier lines, is a mistake. */
  @Test
  void everyLineCoversACell() {
    assertThat(matrix.idle()).isEmpty();
  }

  @Test
  void everyTestOfTheMatrixExists() {
    assertThat(matrix.tests()).hasSizeGreaterThan(20).allMatch(tests::has);
  }

  @Test
  void everyTestThatThePageNamesExists() throws IOException {
    List<String> named =
        NAMED
            .matcher(Files.readString(TEMPLATE))
            .results()
            .map(MatchResult::group)
            .map(name -> name.replace("`", ""))
            .toList();
    assertThat(named).hasSizeGreaterThan(10).allMatch(tests::has);
  }

  @Test
  void everyLineHasTestsOrAReason() {
    assertThat(matrix.cells().values()).allMatch(entry -> !entry.text().isEmpty());
  }

  /** {@code mvn -pl dim-store/tck test -Dtest=FaultsPageTest -Dupdate=true} updates the page. */
  @Test
  void pageIsUpToDate() throws IOException {
    String wanted = new FaultsPage(matrix).render(Files.readString(TEMPLATE));
    if (Boolean.getBoolean("update")) {
      Files.writeString(PAGE, wanted);
    }
    assertThat(PAGE)
        .as("run this test with -Dupdate=true to update it")
        .exists()
        .hasContent(wanted);
  }

  @Test
  void blankCellIdleLineAndWrongNameAreFound() {
    List<Entry> entries = new ArrayList<>();
    entries.add(Entry.parse(1, "HBase;*;*;*;none;first"));
    entries.add(Entry.parse(2, "HBase;down..slow;get;idle;test;FaultsPageTest.everyCellIsCovered"));
    FaultMatrix partial = FaultMatrix.of(entries);
    assertThat(partial.idle()).containsExactly(entries.get(1));
    assertThat(partial.blank())
        .hasSize(Cell.all().size() / Cell.SERVERS.size() * (Cell.SERVERS.size() - 1));
    assertThatThrownBy(() -> Entry.parse(7, "HBase;donw;*;*;none;x"))
        .hasMessageContaining("Line 7")
        .hasMessageContaining("donw");
    assertThatThrownBy(() -> Entry.parse(8, "HBase;down;*;*;missing;x"))
        .hasMessageContaining("Line 8")
        .hasMessageContaining("missing");
    assertThat(tests.has("FaultsPageTest.everyCellIsCovered")).isTrue();
    assertThat(tests.has("FaultsPageTest.read")).as("a method that is not a test").isFalse();
    assertThat(tests.has("NoSuchIT.everyCellIsCovered")).isFalse();
  }
}
