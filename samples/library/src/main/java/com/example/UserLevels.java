// SPDX-License-Identifier: Apache-2.0
package com.example;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.TableSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** The levels of users, in a dimension table of any store. */
public final class UserLevels {

  private static final TableSpec SPEC =
      new TableSpec(
          "user_level",
          List.of(
              new Column("user_id", new DataType.Text()),
              new Column("level", DataType.Simple.INT)),
          List.of("user_id"));

  private final DimensionStore store;
  private final DimensionTable table;

  /** Uses a store, which the caller closes. */
  public UserLevels(DimensionStore store) {
    this.store = store;
    this.table = store.table(SPEC);
  }

  /** Creates the table unless it exists. */
  public CompletionStage<Void> create() {
    return store.createIfAbsent(SPEC);
  }

  /**
   * Sets the levels as of a version. A user whose stored version is newer keeps its level.
   *
   * @param version for instance the epoch milliseconds of the change
   */
  public CompletionStage<Void> set(Map<String, Integer> levels, long version) {
    return table.write(
        levels.entrySet().stream()
            .map(level -> new Put(Key.of(level.getKey()), Row.of(level.getValue()), version))
            .collect(ArrayList::new, List::add, List::addAll));
  }

  /** Returns the sum of the users' levels; an unknown user has none. */
  public CompletionStage<Integer> sum(List<String> users) {
    List<Key> keys = users.stream().map(user -> Key.of(user)).toList();
    return table
        .get(keys, SPEC.all())
        .thenApply(
            found ->
                found.stream()
                    .filter(Objects::nonNull)
                    .mapToInt(put -> (Integer) put.row().get(0))
                    .sum());
  }
}
