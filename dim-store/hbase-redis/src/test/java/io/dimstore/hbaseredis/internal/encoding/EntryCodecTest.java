// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.TableSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Packed entries have the bytes that {@code docs/storage-format.md} documents. */
class EntryCodecTest {

  private static final Column ID = new Column("id", DataType.STRING);
  private static final Column COUNTRY = new Column("country", DataType.STRING);
  private static final Column LEVEL = new Column("level", DataType.Simple.INT);
  private static final Column NOTE = new Column("note", DataType.STRING);

  private final EntryCodec codec = codec(ID, LEVEL, COUNTRY, NOTE);

  @Test
  void aRowIsItsVersionExpiryLayoutNullsAndValuesInTheOrderOfTheCells() {
    byte[] entry = codec.encode(Row.of(7, "NL", null), 258, Put.NEVER);
    assertThat(HexFormat.of().formatHex(entry))
        .isEqualTo(
            "0150" // format 1, P
                + "0000000000000102" // version
                + "7fffffffffffffff" // never expires
                + "3b28f16e" // layout
                + "04" // the third cell, f:note, is null
                + "024e4c" // f:country
                + "00000007"); // f:level
    assertThat(codec.decode(entry, Projection.all(3)))
        .isEqualTo(new RowState.Present(Row.of(7, "NL", null), 258, Put.NEVER, true));
  }

  @Test
  void aProjectionReadsItsColumnsInItsOrder() {
    byte[] entry = codec.encode(Row.of(7, "NL", "x"), 1, 5);
    assertThat(codec.decode(entry, Projection.of(2, 0)))
        .isEqualTo(new RowState.Present(Row.of("x", 7), 1, 5, true));
    assertThat(codec.decode(entry, Projection.of()))
        .isEqualTo(new RowState.Present(Row.of(), 1, 5, true));
  }

  @Test
  void tombstonesAndNegativeEntriesAreAnswersAndLeasesAreNot() {
    assertThat(HexFormat.of().formatHex(EntryCodec.tombstone(3))).isEqualTo("01440000000000000003");
    assertThat(codec.decode(EntryCodec.tombstone(3), Projection.all(3)))
        .isEqualTo(new RowState.Tombstone(3, 0));
    assertThat(HexFormat.of().formatHex(EntryCodec.negative())).isEqualTo("014e");
    assertThat(codec.decode(EntryCodec.negative(), Projection.all(3))).isEqualTo(RowState.NOTHING);
    assertThat(codec.decode(EntryCodec.lease(1, 2), Projection.all(3))).isNull();
    assertThat(codec.decode(EntryCodec.fence(), Projection.all(3))).isNull();
  }

  @Test
  void theOrderInWhichAJobNamesItsColumnsMakesNoDifference() {
    byte[] entry = codec.encode(Row.of(7, "NL", null), 1, Put.NEVER);
    assertThat(codec(ID, NOTE, COUNTRY, LEVEL).decode(entry, Projection.all(3)))
        .isEqualTo(new RowState.Present(Row.of(null, "NL", 7), 1, Put.NEVER, true));
  }

  @Test
  void anEntryOfOtherColumnsIsNoAnswer() {
    byte[] entry = codec.encode(Row.of(7, "NL", null), 1, Put.NEVER);
    assertThat(codec(ID, LEVEL, COUNTRY).decode(entry, Projection.all(2))).isNull();
  }

  @Test
  void anEntryOfALaterFormatIsNoAnswerAndABrokenOneIsAnError() {
    byte[] entry = codec.encode(Row.of(7, "NL", null), 1, Put.NEVER);
    byte[] cut = Arrays.copyOf(entry, entry.length - 1);
    assertThatThrownBy(() -> codec.decode(cut, Projection.all(3)))
        .isInstanceOf(RuntimeException.class);
    entry[0] = 2;
    assertThat(codec.decode(entry, Projection.all(3))).isNull();
  }

  private static EntryCodec codec(Column... columns) {
    return new EntryCodec(new Layout(new TableSpec("dim_user", List.of(columns), List.of("id"))));
  }
}
