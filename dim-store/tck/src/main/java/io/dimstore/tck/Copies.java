// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Maintenance.Backlog;
import io.dimstore.spi.Maintenance.CheckPage;
import io.dimstore.spi.Maintenance.Difference;
import io.dimstore.spi.Maintenance.PurgePage;
import io.dimstore.spi.Maintenance.Repair;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Compares, repairs and purges the copies of a table, waiting for each answer. */
final class Copies {

  private static final int MAX_PAGES = 10_000;

  private final Kit kit;
  private final Rows rows;
  private final Maintenance maintenance;

  private Copies(Kit kit, Rows rows, Maintenance maintenance) {
    this.kit = kit;
    this.rows = rows;
    this.maintenance = maintenance;
  }

  static boolean areDeclared(Kit kit) {
    return kit.harness().capabilities().contains(Maintenance.class);
  }

  /**
   * Runs a test with the copies of a table, if the harness declares copies. R11f tests that a table
   * without declared copies has none.
   */
  static void with(Kit kit, Rows rows, Consumer<Copies> test) {
    DimensionTable table = rows.table();
    if (areDeclared(kit)) {
      Optional<Maintenance> found = table.capability(Maintenance.class);
      assertThat(found).as("a declared Maintenance").isPresent();
      test.accept(new Copies(kit, rows, found.get()));
    }
  }

  Maintenance maintenance() {
    return maintenance;
  }

  Backlog backlog(int most) {
    return kit.answers().await(maintenance.backlog(most));
  }

  /** Repairs one key at a time until the backlog is empty; fails if that does not happen. */
  void repairKeyByKey() {
    boolean ended =
        kit.answers()
            .eventually(
                () -> {
                  Repair repair = kit.answers().await(maintenance.repair(1));
                  assertThat(repair.healed()).isLessThanOrEqualTo(repair.examined());
                  return !repair.remaining() && backlog(10).keys() == 0;
                });
    assertThat(ended).as("repair comes to an end with an empty backlog").isTrue();
  }

  /** Repairs until the backlog is empty or the patience ends. M1c tests that repairs end. */
  void repair() {
    kit.answers()
        .eventually(
            () -> {
              kit.answers().await(maintenance.repair(100));
              return backlog(1).keys() == 0;
            });
  }

  /** Runs a whole check. */
  Checked check(int most, boolean heal) {
    Checked checked = new Checked(new ArrayList<>());
    for (ScanSplit first : kit.answers().await(maintenance.checkSplits(2))) {
      @Nullable ScanSplit split = first;
      while (split != null) {
        assertThat(checked.pages.size()).as("pages of a check").isLessThan(MAX_PAGES);
        // Passes only the text on, as to another process.
        ScanSplit sent = new ScanSplit(split.token());
        CheckPage page = kit.answers().await(maintenance.check(sent, most, heal));
        checked.pages.add(page);
        split = page.remaining();
      }
    }
    return checked;
  }

  /** The result of a whole check. */
  record Checked(List<CheckPage> pages) {

    /** Returns the number of keys that were compared. */
    int examined() {
      return pages.stream().mapToInt(CheckPage::examined).sum();
    }

    /** Returns the differences of these keys, each once. */
    List<Difference> of(List<Key> keys) {
      return pages.stream()
          .flatMap(page -> page.differences().stream())
          .filter(difference -> keys.contains(difference.key()))
          .distinct()
          .toList();
    }
  }

  /** Runs a whole purge. */
  Purged purge(int most) {
    int purged = 0;
    int kept = 0;
    int pages = 0;
    for (ScanSplit first :
        kit.answers().await(rows.table().splits(2, ScanOptions.rows(rows.all())))) {
      @Nullable ScanSplit split = first;
      while (split != null) {
        assertThat(pages++).as("pages of a purge").isLessThan(MAX_PAGES);
        PurgePage page = kit.answers().await(maintenance.purge(new ScanSplit(split.token()), most));
        purged += page.purged();
        kept += page.kept();
        split = page.remaining();
      }
    }
    return new Purged(purged, kept);
  }

  /** The result of a whole purge: numbers of tombstones and expired rows removed and kept. */
  record Purged(int purged, int kept) {}
}
