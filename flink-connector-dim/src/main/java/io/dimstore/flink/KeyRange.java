package io.dimstore.flink;

import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import io.dimstore.spi.Projection;
import io.dimstore.spi.ScanOptions;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a scan has to read, where the key is one column of text or whole numbers.
 *
 * @param from the lowest key, inclusive, or null
 * @param to the end of the keys, exclusive, or null
 */
record KeyRange(@Nullable Serializable from, @Nullable Serializable to) implements Serializable {

  /** All keys. */
  static final KeyRange ALL = new KeyRange(null, null);

  /** The keys in both ranges. */
  KeyRange and(KeyRange other, TableLayout layout) {
    KeyCodec codec = new KeyCodec(layout.spec().key());
    boolean otherFrom =
        from == null || (other.from != null && compare(codec, other.from, from) > 0);
    boolean otherTo = to == null || (other.to != null && compare(codec, other.to, to) < 0);
    return new KeyRange(otherFrom ? other.from : from, otherTo ? other.to : to);
  }

  /** Whether no key is in it. */
  boolean isEmpty(TableLayout layout) {
    return from != null && to != null && compare(new KeyCodec(layout.spec().key()), from, to) >= 0;
  }

  /** A scan of these keys. */
  ScanOptions scan(Projection columns) {
    return new ScanOptions(
        columns, from == null ? null : Key.of(from), to == null ? null : Key.of(to), false);
  }

  private static int compare(KeyCodec codec, Serializable a, Serializable b) {
    return codec.compare(Key.of(a), Key.of(b));
  }
}
