// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecordPage;
import io.dimstore.spi.SharedRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads and replaces the shared records of a store and waits for each answer. */
final class Records {

  private static final int MAX_PAGES = 1_000;

  private final Kit kit;
  private final SharedRecords records;

  private Records(Kit kit, SharedRecords records) {
    this.kit = kit;
    this.records = records;
  }

  static boolean areDeclared(Kit kit) {
    return kit.harness().capabilities().contains(SharedRecords.class);
  }

  /**
   * Runs a test with the records of a store, if the harness declares them. R11f tests that a store
   * without declared records has none.
   */
  static void with(Kit kit, DimensionStore store, Consumer<Records> test) {
    if (areDeclared(kit)) {
      test.accept(of(kit, store));
    }
  }

  static Records of(Kit kit, DimensionStore store) {
    Optional<SharedRecords> found = store.capability(SharedRecords.class);
    assertThat(found).as("declared SharedRecords").isPresent();
    return new Records(kit, found.get());
  }

  SharedRecords records() {
    return records;
  }

  @Nullable SharedRecord read(String name) {
    return kit.answers().await(records.read(name)).orElse(null);
  }

  boolean replace(String name, long expectedRevision, String content) {
    return kit.answers().await(records.replace(name, expectedRevision, content));
  }

  /** Lists all records with a prefix. */
  List<SharedRecord> list(String prefix, int most) {
    List<SharedRecord> found = new ArrayList<>();
    String after = "";
    for (int pages = 0; after != null; pages++) {
      assertThat(pages).as("pages of a listing").isLessThan(MAX_PAGES);
      SharedRecordPage page = kit.answers().await(records.list(prefix, after, most));
      found.addAll(page.records());
      after = page.next();
    }
    return found;
  }
}
