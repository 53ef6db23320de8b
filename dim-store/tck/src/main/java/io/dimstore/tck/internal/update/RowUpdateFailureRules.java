// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.RowUpdates;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Rows;
import io.dimstore.tck.internal.fixture.Updates;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** U2: impossible updates fail. */
public abstract class RowUpdateFailureRules {

  private final Kit kit;

  public RowUpdateFailureRules(Kit kit) {
    this.kit = kit;
  }

  @Test
  void u2aImpossibleResultIsInvalidAndWhatWasStoredRemains() {
    Rows rows = kit.rows();
    Updates.with(
        kit,
        rows.table(),
        updates -> {
          Put stored = Rows.put(rows.key("stored"), "x", 5);
          rows.write(stored);
          assertRefused(updates, stored.key(), (key, old) -> Rows.put(rows.key("other"), "y", 6));
          assertRefused(updates, stored.key(), (key, old) -> Rows.put(key, "y", 5));
          assertRefused(updates, stored.key(), (key, old) -> Rows.put(key, "y", 4));
          assertRefused(updates, stored.key(), (key, old) -> new Put(key, Row.of(1, 2L, "b"), 6));
          rows.assertHas(stored);
          rows.assertAbsent(rows.key("other"));
        });
  }

  private void assertRefused(Updates updates, Key key, RowUpdates.Update update) {
    StoreException failure =
        kit.answers().assertFails(Kind.INVALID, () -> updates.rows().update(List.of(key), update));
    assertThat(failure.keys()).as("the keys of the refusal").hasSize(1);
  }

  @Test
  void u2bMissingTableFails() {
    Rows missing = new Rows(kit, kit.store(), kit.declarePlain("update_missing"), "p-");
    Updates.with(
        kit,
        missing.table(),
        updates ->
            kit.answers()
                .assertFails(
                    Kind.NO_TABLE,
                    () ->
                        updates
                            .rows()
                            .update(List.of(Key.of("k")), (key, old) -> Rows.put(key, "x", 1))));
  }

  @Test
  void u2cClosedStoreFailsEveryUpdate() {
    Rows rows = kit.rows();
    DimensionStore another = kit.open(Map.of());
    Updates.with(
        kit,
        rows.through(another).table(),
        updates -> {
          updates.update(rows.key("absent"), (key, stored) -> null);
          another.close();
          kit.answers()
              .assertFails(
                  Kind.CLOSED,
                  () -> updates.rows().update(List.of(rows.key("absent")), (key, old) -> null));
        });
  }
}
