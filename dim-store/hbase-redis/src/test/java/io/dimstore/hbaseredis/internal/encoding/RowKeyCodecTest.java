// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Row keys of each codec have the bytes that {@code docs/storage-format.md} documents. */
class RowKeyCodecTest {

  private static final Column NAME = new Column("name", DataType.STRING);
  private static final Column NUMBER = new Column("number", DataType.Simple.INT);

  @Test
  void aSaltIsTheHashOfTheKeyModuloTheBuckets() {
    assertRow(Map.of("key-codec", "salted", "key-codec.size", "16"), "u1", "0d" + "7531");
    assertRow(Map.of("key-codec", "salted", "key-codec.size", "256"), "zoë", "be" + "7a6fc3ab");
    assertRow(Map.of("key-codec", "salted", "key-codec.size", "1"), "u1", "00" + "7531");
    // Its hash is negative.
    assertRow(
        Map.of("key-codec", "salted", "key-codec.size", "16"), "item-42", "09" + "6974656d2d3432");
  }

  @Test
  void reversedTextIsTextBackwardsAndOtherKeysAreBytesBackwards() {
    assertRow(Map.of("key-codec", "reversed"), "u1", "3175");
    assertRow(Map.of("key-codec", "reversed"), "zoë", "c3ab" + "6f" + "7a");
    assertRow(Map.of("key-codec", "reversed"), "a\ud83d\ude00", "f09f9880" + "61");
    RowKeys numbers = keys(List.of(NUMBER), Map.of("key-codec", "reversed"));
    assertThat(HexFormat.of().formatHex(numbers.encode(Key.of(258)))).isEqualTo("02010000");
    assertThat(numbers.decode(HexFormat.of().parseHex("02010000"))).isEqualTo(Key.of(258));
    RowKeys pairs = keys(List.of(NAME, NUMBER), Map.of("key-codec", "reversed"));
    byte[] pair = pairs.encode(Key.of("u1", 7));
    assertThat(HexFormat.of().formatHex(pair)).isEqualTo("07000080" + "0100" + "3175");
    assertThat(pairs.decode(pair)).isEqualTo(Key.of("u1", 7));
  }

  @Test
  void aHashPrefixIsTheBeginningOfTheMd5InBytesOrInDigits() {
    assertRow(Map.of("key-codec", "md5-prefix", "key-codec.size", "4"), "u1", "e4774cdd" + "7531");
    assertRow(
        Map.of("key-codec", "md5-hex-prefix", "key-codec.size", "4"),
        "u1",
        HexFormat.of().formatHex(Utf8.encode("e477u1")));
  }

  @Test
  void aRowKeyWithAnotherPrefixIsNoKeyOfTheTable() {
    RowKeys keys = keys(List.of(NAME), Map.of("key-codec", "salted", "key-codec.size", "16"));
    for (String row : List.of("0c7531", "")) {
      StoreException refusal =
          catchThrowableOfType(
              StoreException.class, () -> keys.decode(HexFormat.of().parseHex(row)));
      assertThat(refusal.kind()).isEqualTo(StoreException.Kind.CORRUPT);
      assertThat(refusal).hasMessageContaining("prefix");
    }
  }

  @Test
  void onlyPlainRowKeysSortAsTheKeysDo() {
    assertThat(keys(List.of(NAME), Map.of()).sorted()).isTrue();
    assertThat(keys(List.of(NAME), Map.of("key-codec", "reversed")).sorted()).isFalse();
    assertThat(keys(List.of(NAME), Map.of("key-codec", "salted", "key-codec.size", "4")).sorted())
        .isFalse();
  }

  @Test
  void thePrefixCountsAsPartOfTheRowKey() {
    RowKeys keys = keys(List.of(NAME), Map.of("key-codec", "salted", "key-codec.size", "16"));
    assertThat(keys.encode(Key.of("k".repeat(32_766)))).hasSize(32_767);
    assertThat(keys.encode(Key.of("k".repeat(32_767)))).isNull();
    assertThat(keys.encode(Key.of(""))).isNull();
  }

  @Test
  void aCodecIsRefusedWithASizeThatItCannotHaveOrLacks() {
    assertRefused(Map.of("key-codec", "salted"), "number of buckets, from 1 to 256");
    assertRefused(Map.of("key-codec", "md5-prefix", "key-codec.size", "17"), "bytes, from 1 to 16");
    assertRefused(Map.of("key-codec", "md5-hex-prefix", "key-codec.size", "33"), "1 to 32");
    assertRefused(Map.of("key-codec", "reversed", "key-codec.size", "4"), "takes no");
    assertRefused(Map.of("key-codec.size", "4"), "'key-codec' = 'plain' takes no");
    assertRefused(Map.of("key-codec", "salted", "key-codec.size", "257"), "between 1 and 256");
  }

  private static void assertRow(Map<String, String> options, String key, String hex) {
    RowKeys keys = keys(List.of(NAME), options);
    assertThat(HexFormat.of().formatHex(keys.encode(Key.of(key)))).isEqualTo(hex);
    assertThat(keys.decode(HexFormat.of().parseHex(hex))).isEqualTo(Key.of(key));
  }

  private static void assertRefused(Map<String, String> options, String reason) {
    StoreException refusal =
        catchThrowableOfType(StoreException.class, () -> keys(List.of(NAME), options));
    assertThat(refusal.kind()).isEqualTo(StoreException.Kind.INVALID);
    assertThat(refusal).hasMessageContaining(reason).hasMessageContaining("key-codec");
  }

  private static RowKeys keys(List<Column> key, Map<String, String> options) {
    List<String> names = key.stream().map(Column::name).toList();
    return new Layout(new TableSpec("t", key, names, options)).keys();
  }
}
