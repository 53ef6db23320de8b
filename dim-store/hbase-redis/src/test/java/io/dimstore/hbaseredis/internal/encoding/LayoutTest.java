// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LayoutTest {

  private static final List<Column> COLUMNS =
      List.of(
          new Column("id", DataType.STRING),
          new Column("country", DataType.STRING),
          new Column("level", DataType.Simple.INT));

  @Test
  void columnsAreInTheDefaultFamilyUnlessMapped() {
    Layout layout = layout(Map.of("column.level", "p:q:r"));
    assertThat(layout.mappings())
        .extracting(slot -> new String(slot.cellName(), StandardCharsets.UTF_8))
        .containsExactly("f:country", "p:q:r");
    assertThat(List.of(layout.dataFamilies())).containsExactly(new byte[] {'f'}, new byte[] {'p'});
    assertThat(layout.stateFamily()).isEqualTo(new byte[] {'s'});
  }

  @Test
  void invalidOptionsAreRefusedWithTheReason() {
    assertRefused(Map.of("family", "s"), "state family");
    assertRefused(Map.of("column.level", "f:country"), "the same cell");
    assertRefused(Map.of("column.levle", "f:x"), "did you mean 'level'");
    assertRefused(Map.of("column.level", "fx"), "family:qualifier");
    assertRefused(Map.of("family", "a:b"), "family");
    assertRefused(Map.of("key-encoding", "salted"), "key-encoding");
    assertRefused(Map.of("famly", "f"), "did you mean 'family'");
    assertRefused(Map.of("max-age", "1 s"), "whole store");
  }

  @Test
  void aKeyColumnOfAStockTypeIsTheRowKeyItself() {
    RowKeys keys = layout(Map.of()).keys();
    assertThat(keys.encode(Key.of("u1"))).isEqualTo(Utf8.encode("u1"));
    assertThat(keys.decode(Utf8.encode("u1"))).isEqualTo(Key.of("u1"));
    assertThat(keys.sorted()).isTrue();
  }

  @Test
  void keysThatHBaseCannotHoldHaveNoRowKey() {
    RowKeys keys = layout(Map.of()).keys();
    assertThat(keys.encode(Key.of(""))).isNull();
    assertThat(keys.encode(Key.of("k".repeat(32_767)))).hasSize(32_767);
    assertThat(keys.encode(Key.of("k".repeat(32_768)))).isNull();
  }

  @Test
  void severalKeyColumnsAreKeptInOrder() {
    TableSpec spec = new TableSpec("t", COLUMNS, List.of("level", "id"), Map.of());
    RowKeys keys = new Layout(spec).keys();
    assertThat(HexFormat.of().formatHex(keys.encode(Key.of(7, "a"))))
        .isEqualTo("80000007" + "61" + "0001");
    TableSpec stock =
        new TableSpec("t", COLUMNS, List.of("level", "id"), Map.of("key-encoding", "stock"));
    assertThat(catchThrowableOfType(StoreException.class, () -> new Layout(stock)))
        .hasMessageContaining("ordered");
  }

  @Test
  void oneKeyColumnCanBeKeptInOrderToo() {
    TableSpec spec =
        new TableSpec("t", COLUMNS, List.of("level"), Map.of("key-encoding", "ordered"));
    assertThat(HexFormat.of().formatHex(new Layout(spec).keys().encode(Key.of(-1))))
        .isEqualTo("7fffffff");
    TableSpec stock = new TableSpec("t", COLUMNS, List.of("level"));
    assertThat(HexFormat.of().formatHex(new Layout(stock).keys().encode(Key.of(-1))))
        .isEqualTo("ffffffff");
    assertThat(new Layout(stock).keys().sorted()).isFalse();
  }

  private static void assertRefused(Map<String, String> options, String reason) {
    StoreException refusal = catchThrowableOfType(StoreException.class, () -> layout(options));
    assertThat(refusal).as("%s", options).isNotNull().hasMessageContaining(reason);
    assertThat(refusal.kind()).isEqualTo(StoreException.Kind.INVALID);
  }

  private static Layout layout(Map<String, String> options) {
    return new Layout(new TableSpec("dim_user", COLUMNS, List.of("id"), options));
  }
}
