// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import io.dimstore.spi.Projection;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyRangeTest {

  private static final TableSpec SPEC = spec("t");
  private static final KeyCodec CODEC = new KeyCodec(SPEC.key());

  private static TableSpec spec(String name) {
    return new TableSpec(
        name,
        List.of(
            new Column("id", DataType.Simple.INT),
            new Column("a", DataType.STRING),
            new Column("b", DataType.STRING)),
        List.of("id"));
  }

  private static KeyRange range(int from, int to) {
    return KeyRange.of("x", SPEC, new ScanOptions(SPEC.all(), Key.of(from), Key.of(to), false));
  }

  private static KeyRange parse(ScanSplit split) {
    return KeyRange.parse("x", SPEC, split);
  }

  private static byte[] encoded(int key) {
    return CODEC.encode(Key.of(key));
  }

  private static boolean contains(KeyRange range, int key) {
    byte[] encoded = encoded(key);
    return Arrays.compareUnsigned(range.from(), encoded) <= 0
        && (range.to() == null || Arrays.compareUnsigned(encoded, range.to()) < 0);
  }

  @Test
  void aRangeWhoseEndIsNotAboveItsBeginIsEmpty() {
    assertThat(range(2, 3).isEmpty()).isFalse();
    assertThat(range(2, 2).isEmpty()).isTrue();
    assertThat(range(3, 2).isEmpty()).isTrue();
    assertThat(KeyRange.of("x", SPEC, ScanOptions.rows(SPEC.all())).isEmpty()).isFalse();
  }

  @Test
  void splitIsParsedToTheSameRange() {
    KeyRange range =
        KeyRange.of("x", SPEC, new ScanOptions(Projection.of(1), Key.of(-3), Key.of(300), true));
    KeyRange parsed = parse(range.split());
    assertThat(parsed.columns()).isEqualTo(Projection.of(1));
    assertThat(parsed.tombstones()).isTrue();
    assertThat(parsed.from()).isEqualTo(encoded(-3));
    assertThat(parsed.to()).isEqualTo(encoded(300));
    KeyRange all = parse(KeyRange.of("x", SPEC, ScanOptions.rows(SPEC.all())).split());
    assertThat(all.from()).isEmpty();
    assertThat(all.to()).isNull();
    assertThat(all.tombstones()).isFalse();
  }

  @Test
  void dividedRangeHasEachOfItsKeysInOnePart() {
    List<KeyRange> parts =
        range(-5, 50).splitAt(List.of(encoded(0), encoded(20))).stream()
            .map(KeyRangeTest::parse)
            .toList();
    assertThat(parts).hasSize(3);
    for (int key = -10; key < 60; key++) {
      int id = key;
      assertThat(parts.stream().filter(part -> contains(part, id)).count())
          .as("parts with key %d", key)
          .isEqualTo(key >= -5 && key < 50 ? 1 : 0);
    }
    assertThat(range(1, 9).splitAt(List.of())).containsExactly(range(1, 9).split());
  }

  @Test
  void restAfterAKeyBeginsWithTheNextKey() {
    KeyRange rest = range(0, 9).after(encoded(3));
    assertThat(contains(rest, 3)).isFalse();
    assertThat(contains(rest, 4)).isTrue();
    assertThat(contains(rest, 8)).isTrue();
    assertThat(contains(rest, 9)).isFalse();
  }

  @Test
  void splitOfAnotherTableOrStoreIsRefused() {
    ScanSplit split = range(0, 9).split();
    StoreException table =
        catchThrowableOfType(StoreException.class, () -> KeyRange.parse("x", spec("other"), split));
    assertThat(table.kind()).isEqualTo(StoreException.Kind.INVALID);
    assertThat(table).hasMessageContaining("'t', not 'other'");
    StoreException store =
        catchThrowableOfType(StoreException.class, () -> KeyRange.parse("y", SPEC, split));
    assertThat(store.kind()).isEqualTo(StoreException.Kind.INVALID);
  }
}
