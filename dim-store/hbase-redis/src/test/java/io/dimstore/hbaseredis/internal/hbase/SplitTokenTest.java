// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.repair.CheckToken;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Projection;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.hbase.util.Bytes;
import org.apache.hadoop.hbase.util.Pair;
import org.junit.jupiter.api.Test;

class SplitTokenTest {

  private static final byte[] OPEN = {};
  private static final Column ID = new Column("id", DataType.STRING);
  private static final Column COUNTRY = new Column("country", DataType.STRING);
  private static final Column LEVEL = new Column("level", DataType.Simple.INT);

  private static Layout layout(String name, Map<String, String> options, Column... columns) {
    return new Layout(new TableSpec(name, List.of(columns), List.of("id"), options));
  }

  private static ScanSplit splitOf(Layout layout) {
    return new SplitToken(
            layout.declaration(),
            layout.shape(),
            new byte[] {1},
            false,
            new byte[] {2},
            OPEN,
            OPEN,
            true,
            Projection.of(1))
        .toSplit();
  }

  private static void assertRefused(ScanSplit split, Layout layout) {
    assertThatThrownBy(() -> SplitToken.parse(split, layout))
        .isInstanceOfSatisfying(
            StoreException.class, known -> assertThat(known.kind()).isEqualTo(Kind.INVALID));
  }

  @Test
  void splitComesBackAsItWas() {
    Layout users = layout("users", Map.of(), ID, COUNTRY, LEVEL);
    SplitToken token = SplitToken.parse(splitOf(users), users);
    assertThat(token.start()).containsExactly(1);
    assertThat(token.startInclusive()).isFalse();
    assertThat(token.end()).containsExactly(2);
    assertThat(token.tombstones()).isTrue();
    assertThat(token.columns()).isEqualTo(Projection.of(1));
    assertThat(token.toSplit()).isEqualTo(splitOf(users));
  }

  @Test
  void splitOfAnotherTableOrDeclarationIsRefused() {
    Layout users = layout("users", Map.of(), ID, COUNTRY, LEVEL);
    ScanSplit split = splitOf(users);
    assertRefused(split, layout("items", Map.of(), ID, COUNTRY, LEVEL));
    assertRefused(split, layout("users", Map.of("state-family", "t"), ID, COUNTRY, LEVEL));
    assertRefused(split, layout("users", Map.of(), ID, LEVEL, COUNTRY));
    assertRefused(split, layout("users", Map.of(), ID, COUNTRY));
    assertRefused(split, layout("users", Map.of("column.level", "f:l"), ID, COUNTRY, LEVEL));
    assertRefused(split, layout("users", Map.of("key-encoding", "ordered"), ID, COUNTRY, LEVEL));
    assertRefused(split, layout("users", Map.of("key-codec", "reversed"), ID, COUNTRY, LEVEL));
    assertRefused(new ScanSplit(split.token() + "A"), users);
    assertRefused(new ScanSplit("dynamodb/1/0"), users);
  }

  @Test
  void splitsOfPagesForTheCheckAreRefusedAlike() {
    Layout users = layout("users", Map.of(), ID, COUNTRY, LEVEL);
    Layout items = layout("items", Map.of(), ID, COUNTRY, LEVEL);
    ScanSplit entries = new CheckToken.Entries(users.declaration(), "0").toSplit();
    assertThat(CheckToken.parse(entries, users)).isInstanceOf(CheckToken.Entries.class);
    assertThatThrownBy(() -> CheckToken.parse(entries, items)).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> CheckToken.parse(splitOf(users), items))
        .isInstanceOf(StoreException.class);
  }

  /** While regions split and merge, the catalog may list gaps, overlaps and any order. */
  @Test
  void rangesOfRegionsInMotionCoverEachRowOnce() {
    List<Pair<byte[], byte[]>> regions = new ArrayList<>();
    for (String range : List.of("-f", "f-m", "f-z", "p-t", "c-f")) {
      String[] ends = range.split("-", -1);
      regions.add(Pair.newPair(Bytes.toBytes(ends[0]), Bytes.toBytes(ends[1])));
    }
    Collections.shuffle(regions, new Random(1));
    List<String> ranges = new ArrayList<>();
    for (Pair<byte[], byte[]> range : Scanner.whole(regions)) {
      ranges.add(Bytes.toString(range.getFirst()) + "-" + Bytes.toString(range.getSecond()));
    }
    assertThat(ranges).containsExactly("-c", "c-f", "f-p", "p-");
  }
}
