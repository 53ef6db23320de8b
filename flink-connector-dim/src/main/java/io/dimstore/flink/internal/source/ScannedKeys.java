// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import io.dimstore.flink.internal.row.TableLayout;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import io.dimstore.spi.Projection;
import io.dimstore.spi.ScanOptions;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The range of keys that a scan has to read. The key must be a single column of text or whole
 * numbers.
 *
 * @param from the lowest key, inclusive, or null if unbounded
 * @param to the end of the range, exclusive, or null if unbounded
 */
public record ScannedKeys(@Nullable Serializable from, @Nullable Serializable to)
    implements Serializable {

  /** All keys. */
  public static final ScannedKeys ALL = new ScannedKeys(null, null);

  /** Returns the intersection of both ranges. */
  public ScannedKeys and(ScannedKeys other, TableLayout layout) {
    KeyCodec codec = new KeyCodec(layout.spec().key());
    boolean otherFrom =
        from == null || (other.from != null && compare(codec, other.from, from) > 0);
    boolean otherTo = to == null || (other.to != null && compare(codec, other.to, to) < 0);
    return new ScannedKeys(otherFrom ? other.from : from, otherTo ? other.to : to);
  }

  /** Returns whether the range contains no key. */
  boolean isEmpty(TableLayout layout) {
    return from != null && to != null && compare(new KeyCodec(layout.spec().key()), from, to) >= 0;
  }

  /** Returns the options of a scan of these keys. */
  ScanOptions scan(Projection columns) {
    return new ScanOptions(
        columns, from == null ? null : Key.of(from), to == null ? null : Key.of(to), false);
  }

  private static int compare(KeyCodec codec, Serializable a, Serializable b) {
    return codec.compare(Key.of(a), Key.of(b));
  }
}
