// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import java.util.Arrays;
import org.apache.flink.table.connector.source.abilities.SupportsLookupCustomShuffle.InputDataPartitioner;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/**
 * Sends the events of a key to one subtask, and those of a hot key to several. Each subtask that
 * sends events has a copy with a state of its own, and decides by what it sends itself.
 */
final class KeyPartitioner implements InputDataPartitioner {

  private static final long serialVersionUID = 1L;

  private transient @Nullable KeySpread spread;

  @Override
  public int partition(RowData key, int partitions) {
    KeySpread known = spread;
    if (known == null || known.partitions() != partitions) {
      known = new KeySpread(partitions);
      spread = known;
    }
    return known.next(hash(key));
  }

  /** A hot key goes to another subtask each time. Flink then does not partition updates. */
  @Override
  public boolean isDeterministic() {
    return false;
  }

  /**
   * Returns a hash that is the same in all processes. That of a generic row is not: it includes the
   * identity of an enum constant.
   */
  static int hash(RowData key) {
    if (!(key instanceof GenericRowData row)) {
      return key.hashCode();
    }
    int hash = 1;
    for (int i = 0; i < row.getArity(); i++) {
      Object field = row.getField(i);
      int next = field instanceof byte[] bytes ? Arrays.hashCode(bytes) : hashOf(field);
      hash = 31 * hash + next;
    }
    return hash;
  }

  private static int hashOf(@Nullable Object field) {
    return field == null ? 0 : field.hashCode();
  }
}
