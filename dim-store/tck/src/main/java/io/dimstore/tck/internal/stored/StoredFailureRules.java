// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.stored;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Rows;
import io.dimstore.tck.internal.fixture.Stored;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** C2: impossible calls for stored changes fail. */
public abstract class StoredFailureRules {

  private final Kit kit;

  public StoredFailureRules(Kit kit) {
    this.kit = kit;
  }

  @Test
  void c2aUnreadableRowIsCorruptAndOtherKeysCanBeRead() {
    Rows rows = kit.rows();
    TableSpec otherwise = Rows.withColumnAsNumber(rows.spec());
    Stored.with(
        kit,
        kit.store().table(otherwise),
        stored -> {
          Put text = new Put(rows.key("text"), Row.of("abc", 1L, "b"), 1);
          Put none = new Put(rows.key("none"), Row.of(null, 1L, "b"), 1);
          rows.write(text, none);
          StoreException failure =
              kit.answers()
                  .assertFails(
                      Kind.CORRUPT, () -> stored.changes().stored(List.of(none.key(), text.key())));
          assertThat(failure.keys()).containsExactly(text.key());
          assertThat(stored.read(List.of(none.key()))).isEqualTo(List.of(none));
        });
  }

  @Test
  void c2bMissingTableFails() {
    Rows missing = new Rows(kit, kit.store(), kit.declarePlain("stored_missing"), "p-");
    Stored.with(
        kit,
        missing.table(),
        stored ->
            kit.answers()
                .assertFails(Kind.NO_TABLE, () -> stored.changes().stored(List.of(Key.of("k")))));
  }

  @Test
  void c2cClosedStoreFailsEveryCall() {
    Rows rows = kit.rows();
    DimensionStore another = kit.open(Map.of());
    Stored.with(
        kit,
        rows.through(another).table(),
        stored -> {
          assertThat(stored.read(rows.key("absent"))).isNull();
          another.close();
          kit.answers()
              .assertFails(Kind.CLOSED, () -> stored.changes().stored(List.of(rows.key("absent"))));
        });
  }
}
