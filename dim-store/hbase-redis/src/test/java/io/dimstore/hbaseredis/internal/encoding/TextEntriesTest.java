// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Entries in the readable formats of {@code docs/storage-format.md}. */
public class TextEntriesTest {

  private static final Column ID = new Column("id", DataType.STRING);
  private static final Column COUNTRY = new Column("country", DataType.STRING);
  private static final Column LEVEL = new Column("level", DataType.Simple.INT);
  private static final Column NOTE = new Column("note", DataType.STRING);

  private final Layout layout = layout(ID, LEVEL, COUNTRY, NOTE);
  private final EntryCodec packed = new EntryCodec(layout);
  private final TextEntries texts = new TextEntries(layout);

  @Test
  void aRowInJsonIsItsVersionExpiryLayoutAndColumns() {
    assertThat(json(packed.encode(Row.of(7, "NL", null), 258, 1_700_000_000_000L)))
        .isEqualTo(
            "{\"__dim_v\":258,\"__dim_x\":1700000000000,\"__dim_c\":\"c46843b8\","
                + "\"country\":\"NL\",\"level\":7,\"note\":null}");
    assertThat(json(EntryCodec.tombstone(8))).isEqualTo("{\"__dim_v\":8,\"__dim_d\":true}");
    assertThat(json(EntryCodec.negative())).isEqualTo("{\"__dim_n\":true}");
  }

  @Test
  void aRowInAHashHasAFieldForEachColumnThatIsNotNull() {
    assertThat(hash(packed.encode(Row.of(7, "NL", null), 258, Put.NEVER)))
        .containsExactly("__dim_v", "258", "__dim_c", "c46843b8", "country", "NL", "level", "7");
    assertThat(hash(EntryCodec.tombstone(8))).containsExactly("__dim_v", "8", "__dim_d", "true");
    assertThat(hash(EntryCodec.negative())).containsExactly("__dim_n", "true");
  }

  @Test
  void everyValueOfEveryTypeIsRestoredFromBothFormats() {
    Layout wide = new Layout(new TableSpec("wide", ManyTypes.columns(), List.of("id")));
    EntryCodec codec = new EntryCodec(wide);
    TextEntries forms = new TextEntries(wide);
    for (Row row : ManyTypes.rows()) {
      byte[] entry = codec.encode(row, Long.MAX_VALUE - 1, 5);
      byte[] json = forms.toJson(entry);
      assertThat(forms.ofJson(json)).as(new String(json, StandardCharsets.UTF_8)).isEqualTo(entry);
      assertThat(forms.ofHash(pairs(forms.toHash(entry)))).as("%s", row).isEqualTo(entry);
    }
  }

  @Test
  void anEntryOfOtherColumnsIsNoAnswer() {
    byte[] entry = packed.encode(Row.of(7, "NL", "x"), 3, Put.NEVER);
    Layout narrow = layout(ID, LEVEL, COUNTRY);
    Layout renamed =
        new Layout(
            new TableSpec(
                "dim_user",
                List.of(ID, LEVEL, new Column("land", DataType.STRING), NOTE),
                List.of("id"),
                Map.of("column.land", "f:country")));
    for (Layout other : List.of(narrow, renamed)) {
      TextEntries others = new TextEntries(other);
      Projection all = Projection.all(other.mappings().length);
      assertThat(new EntryCodec(other).decode(others.ofJson(texts.toJson(entry)), all)).isNull();
      byte[] ofHash = others.ofHash(pairs(texts.toHash(entry)));
      assertThat(new EntryCodec(other).decode(ofHash, all)).isNull();
      assertThat(EntryCodec.isKnown(ofHash)).isTrue();
    }
  }

  @Test
  void invalidEntriesAndLeasesAreReturnedUnchanged() {
    byte[] lease = EntryCodec.lease(1, 2);
    assertThat(texts.ofJson(lease)).isEqualTo(lease);
    assertThat(texts.ofJson(EntryCodec.fence())).isEqualTo(EntryCodec.fence());
    for (String text : List.of("", "x", "{", "{}", "{\"a\":1}", "{\"__dim_v\":1.5}", "[1]")) {
      byte[] bytes = Utf8.encode(text);
      assertThat(texts.ofJson(bytes)).as(text).isEqualTo(bytes);
    }
    assertThat(EntryCodec.isKnown(texts.ofJson(EntryCodec.tombstone(3)))).isFalse();
    assertThat(texts.ofHash(List.of())).isNull();
    assertThat(EntryCodec.isKnown(texts.ofHash(fields("level", "7")))).isFalse();
    assertThat(
            EntryCodec.isKnown(
                texts.ofHash(fields("__dim_v", "1", "__dim_c", "c46843b8", "level", "seven"))))
        .isFalse();
  }

  @Test
  void aColumnCannotBeNamedAsTheFieldsOfTheStoreAre() {
    List<Column> columns = List.of(ID, new Column("__dim_v", DataType.STRING));
    for (String format : List.of("hash", "json")) {
      StoreException refusal =
          catchThrowableOfType(
              StoreException.class,
              () ->
                  new Layout(
                      new TableSpec("t", columns, List.of("id"), Map.of("redis.format", format))));
      assertThat(refusal).hasMessageContaining("__dim_v").hasMessageContaining("packed");
    }
    assertThat(new Layout(new TableSpec("t", columns, List.of("id"))).mappings()).hasSize(1);
  }

  private String json(byte[] entry) {
    byte[] json = texts.toJson(entry);
    assertThat(texts.ofJson(json)).isEqualTo(entry);
    return new String(json, StandardCharsets.UTF_8);
  }

  private List<String> hash(byte[] entry) {
    List<byte[]> pairs = pairs(texts.toHash(entry));
    assertThat(texts.ofHash(pairs)).isEqualTo(entry);
    return pairs.stream().map(part -> new String(part, StandardCharsets.UTF_8)).toList();
  }

  private static List<byte[]> fields(String... parts) {
    return List.of(parts).stream().map(Utf8::encode).toList();
  }

  public static List<byte[]> pairs(byte[] hash) {
    List<byte[]> pairs = new ArrayList<>();
    ByteSource in = new ByteSource(hash);
    while (in.remaining() > 0) {
      pairs.add(in.raw(in.i32()));
    }
    return pairs;
  }

  private static Layout layout(Column... columns) {
    return new Layout(new TableSpec("dim_user", List.of(columns), List.of("id")));
  }
}
