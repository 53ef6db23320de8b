// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.demo;

import io.dimstore.cli.Progress;
import io.dimstore.events.input.EventInput;
import io.dimstore.events.input.EventReader;
import io.dimstore.events.record.ChangeOp;
import io.dimstore.events.record.ItemChange;
import io.dimstore.events.record.StreamRecord;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The rows of {@code dim_item}: what the table has before the migration, and what happens to it
 * meanwhile. Each key belongs to one writer, so that the row that it must have at the end is known.
 *
 * @param initial the rows before the migration, with the versions of the input
 * @param changes later changes of the job's keys, in the order of the input
 */
record ItemRows(List<Put> initial, List<Item> changes) {

  /** An item and its columns. */
  record Item(Key key, Row row) {}

  /** Who changes a key. */
  enum Owner {
    JOB,
    FOREIGN,
    NOBODY
  }

  /** The index of the column {@code list_price} in a row. */
  static final int PRICE = 2;

  static Owner owner(Key key) {
    return switch (Math.floorMod(Objects.hashCode(key.toString()) * 31, 8)) {
      case 0, 1, 2, 3 -> Owner.JOB;
      case 4, 5, 6 -> Owner.FOREIGN;
      default -> Owner.NOBODY;
    };
  }

  /** Reads an input; its last fifth happens during the migration. */
  static ItemRows read(EventInput input, Progress progress) {
    List<ItemChange> all = new ArrayList<>();
    long read = 0;
    try (EventReader reader = input.open(line -> {})) {
      while (reader.hasNext()) {
        StreamRecord record = reader.next();
        if (record instanceof ItemChange change && change.op() == ChangeOp.UPSERT) {
          all.add(change);
        }
        progress.update("reading " + input.description(), ++read, -1);
      }
    }
    Map<Key, Put> initial = new LinkedHashMap<>();
    List<ItemChange> earlier = all.subList(0, all.size() * 4 / 5);
    for (ItemChange change : earlier) {
      Key key = Key.of(change.itemId());
      initial.put(key, new Put(key, row(change), change.version()));
    }
    List<Item> changes = new ArrayList<>();
    for (ItemChange change : all.subList(earlier.size(), all.size())) {
      Key key = Key.of(change.itemId());
      if (owner(key) == Owner.JOB) {
        changes.add(new Item(key, row(change)));
      }
    }
    if (changes.isEmpty()) {
      throw new DemoException(
          input.description() + " has too few changes of items: give it a higher --limit");
    }
    return new ItemRows(List.copyOf(initial.values()), changes);
  }

  /** Returns the rows of this owner before the migration. */
  List<Put> of(Owner owner) {
    return initial.stream().filter(row -> owner(row.key()) == owner).toList();
  }

  private static Row row(ItemChange change) {
    return Row.of(change.title(), change.category(), change.listPrice());
  }
}
