// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.TableSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table as one test uses it, with keys of its own. Calls wait for their answer. */
final class Rows {

  private final Kit kit;
  private final DimensionStore store;
  private final TableSpec spec;
  private final DimensionTable table;
  private final String prefix;

  Rows(Kit kit, DimensionStore store, TableSpec spec, String prefix) {
    this.kit = kit;
    this.store = store;
    this.spec = spec;
    this.table = store.table(spec);
    this.prefix = prefix;
  }

  /** Returns the same table and keys through another open store. */
  Rows through(DimensionStore other) {
    return new Rows(kit, other, spec, prefix);
  }

  TableSpec spec() {
    return spec;
  }

  DimensionTable table() {
    return table;
  }

  DimensionStore store() {
    return store;
  }

  Projection all() {
    return spec.all();
  }

  /** Returns a key that no other test uses. */
  Key key(String name) {
    return Key.of(prefix + name);
  }

  Key key(int number) {
    return key(String.valueOf(1_000_000 + number).substring(1));
  }

  /** Returns a key that is higher than all keys of this test. */
  Key end() {
    return Key.of(prefix.substring(0, prefix.length() - 1) + ".");
  }

  static Put put(Key key, @Nullable String a, long version) {
    return new Put(key, Row.of(a, version, "b"), version);
  }

  static Put putUntil(Key key, @Nullable String a, long version, long expiresAtMillis) {
    return new Put(key, Row.of(a, version, "b"), version, expiresAtMillis);
  }

  void write(Change... changes) {
    write(List.of(changes));
  }

  void write(List<? extends Change> changes) {
    kit.answers().await(table.write(List.copyOf(changes)));
  }

  void delete(Key key, long version) {
    write(new Delete(key, version));
  }

  List<@Nullable Put> getAll(List<Key> keys) {
    List<@Nullable Put> found = kit.answers().await(table.get(keys, all()));
    assertThat(found).as("R1: one answer for each key asked").hasSameSizeAs(keys);
    return found;
  }

  @Nullable Put get(Key key) {
    return getAll(List.of(key)).get(0);
  }

  void assertHas(Put expected) {
    assertThat(get(expected.key())).isEqualTo(expected);
  }

  void assertAbsent(Key key) {
    assertThat(get(key)).as("row of %s", key).isNull();
  }

  /** Asserts that a key is in the state that this change leaves. */
  void assertNewest(Change change) {
    if (change instanceof Put put) {
      assertHas(put);
    } else {
      assertAbsent(change.key());
    }
  }

  /** Returns the entries that a scan of this test's keys finds. */
  List<Change> scanOwn(boolean tombstones) {
    ScanOptions own = new ScanOptions(all(), key(""), end(), tombstones);
    return new Scans(kit.answers(), table).readAll(1, own, 1_000);
  }

  /** Returns a declaration of the same table in which text column {@code a} is a number. */
  static TableSpec withColumnAsNumber(TableSpec spec) {
    return new TableSpec(
        spec.name(),
        spec.columns().stream()
            .map(c -> c.name().equals("a") ? new Column("a", DataType.Simple.INT) : c)
            .toList(),
        spec.keyColumns(),
        spec.options());
  }
}
