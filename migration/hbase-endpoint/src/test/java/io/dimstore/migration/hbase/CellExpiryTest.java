// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Put;
import java.util.List;
import org.apache.hadoop.hbase.ArrayBackedTag;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.KeyValue;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.Tag;
import org.apache.hadoop.hbase.TagType;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptorBuilder;
import org.apache.hadoop.hbase.client.TableDescriptorBuilder;
import org.apache.hadoop.hbase.util.Bytes;
import org.junit.jupiter.api.Test;

class CellExpiryTest {

  @Test
  void aCellEndsOneMillisecondAfterTheShorterTimeToLive() {
    assertThat(family(10, 0).of(cell(1_000, 2_000))).isEqualTo(3_001);
    assertThat(family(1, 0).of(cell(1_000, 2_000))).isEqualTo(2_001);
    assertThat(family(1, 0).of(cell(1_000, -1))).isEqualTo(2_001);
  }

  @Test
  void aFamilyThatKeepsVersionsEndsOnlyCellsWithATimeToLiveOfTheirOwn() {
    assertThat(family(1, 1).of(cell(1_000, -1))).isEqualTo(Put.NEVER);
    assertThat(family(1, 1).of(cell(1_000, 500))).isEqualTo(1_501);
  }

  @Test
  void aCellWithoutATimeToLiveOrBeyondTheRangeOfTimeNeverEnds() {
    assertThat(family(Integer.MAX_VALUE, 0).of(cell(1_000, -1))).isEqualTo(Put.NEVER);
    assertThat(family(1, 0).of(cell(Long.MAX_VALUE - 5, -1))).isEqualTo(Put.NEVER);
  }

  private static CellExpiry family(int seconds, int minVersions) {
    return new CellExpiry(
        TableDescriptorBuilder.newBuilder(TableName.valueOf("t"))
            .setColumnFamily(
                ColumnFamilyDescriptorBuilder.newBuilder(Bytes.toBytes("f"))
                    .setTimeToLive(seconds)
                    .setMaxVersions(2)
                    .setMinVersions(minVersions)
                    .build())
            .build());
  }

  private static Cell cell(long timestamp, long timeToLive) {
    List<Tag> tags =
        timeToLive < 0
            ? List.of()
            : List.of(new ArrayBackedTag(TagType.TTL_TAG_TYPE, Bytes.toBytes(timeToLive)));
    return new KeyValue(
        Bytes.toBytes("row"),
        Bytes.toBytes("f"),
        Bytes.toBytes("q"),
        timestamp,
        Bytes.toBytes("value"),
        tags);
  }
}
