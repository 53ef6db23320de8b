// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.write;

import io.dimstore.dynamodb.internal.encoding.ItemLayout;
import io.dimstore.dynamodb.internal.encoding.ItemSize;
import io.dimstore.dynamodb.internal.encoding.ItemWrite;
import io.dimstore.dynamodb.internal.encoding.KeyLayout;
import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.support.ChangeValidator;
import io.dimstore.spi.support.NewestPerKey;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Encodes a batch of changes as items to write, all of them or none. Thread-safe. */
public final class BatchEncoder {

  private final String table;
  private final ChangeValidator validator;
  private final KeyLayout keyLayout;
  private final ItemLayout items;
  private final InstantSource clock;

  public BatchEncoder(
      String table,
      ChangeValidator validator,
      KeyLayout keyLayout,
      ItemLayout items,
      InstantSource clock) {
    this.table = table;
    this.validator = validator;
    this.keyLayout = keyLayout;
    this.items = items;
    this.clock = clock;
  }

  /**
   * Returns the item of the newest change of each key (R5).
   *
   * @throws StoreException INVALID, naming every key whose change cannot be stored (R11)
   */
  public List<ItemWrite> encode(List<Change> changes) {
    Map<Key, String> refused = new LinkedHashMap<>();
    for (Change change : changes) {
      String wrong = validator.problemOf(change);
      if (wrong == null) {
        wrong = keyLayout.problemOf(change.key());
      }
      if (wrong != null) {
        refused.putIfAbsent(change.key(), wrong);
      }
    }
    throwIfAny(refused);
    long now = clock.millis();
    List<Change> newest = NewestPerKey.of(changes);
    List<ItemWrite> writes = new ArrayList<>(newest.size());
    for (Change change : newest) {
      try {
        Map<String, AttributeValue> item = items.encode(change, now);
        int bytes = ItemSize.of(item);
        if (bytes > ItemSize.MAX_BYTES) {
          refused.put(
              change.key(),
              "the item has " + bytes + " bytes; at most " + ItemSize.MAX_BYTES + " are possible");
        }
        writes.add(new ItemWrite(change.key(), change.version(), item, bytes, items.statements()));
      } catch (IllegalArgumentException | ArithmeticException e) {
        refused.put(change.key(), String.valueOf(e.getMessage()));
      }
    }
    throwIfAny(refused);
    return writes;
  }

  private void throwIfAny(Map<Key, String> refused) {
    if (!refused.isEmpty()) {
      Map.Entry<Key, String> first = refused.entrySet().iterator().next();
      throw StoreException.invalid(
          "DynamoDB table " + table + ", key " + first.getKey() + ": " + first.getValue(),
          List.copyOf(refused.keySet()));
    }
  }
}
