// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Versions;
import java.util.Map;
import org.apache.hadoop.hbase.KeyValue;
import org.apache.hadoop.hbase.util.Bytes;
import org.junit.jupiter.api.Test;

class LogChangesTest {

  private final LogChanges changes = new LogChanges();

  @Test
  void eachRowIsListedOnceWithItsNewestMarkerOfAnyKind() {
    add("a", KeyValue.Type.Put, 50, false, 1_000);
    add("a", KeyValue.Type.Delete, 20, false, 1_001);
    for (KeyValue.Type marker :
        new KeyValue.Type[] {
          KeyValue.Type.Delete,
          KeyValue.Type.DeleteColumn,
          KeyValue.Type.DeleteFamily,
          KeyValue.Type.DeleteFamilyVersion
        }) {
      add(marker.name(), marker, 7, false, 5);
    }
    assertThat(changes.rows()).hasSize(5);
    assertThat(mark("a")).isEqualTo(new LogChanges.Mark(21, 1_001, false));
    assertThat(mark("DeleteFamilyVersion")).isEqualTo(new LogChanges.Mark(8, 5, false));
  }

  @Test
  void aStateCellSaysThatDimstoreWroteTheRow() {
    add("a", KeyValue.Type.Put, 5, false, 1);
    add("a", KeyValue.Type.Put, 5, true, 1);
    add("purged", KeyValue.Type.DeleteFamily, 5, true, 1);
    assertThat(mark("a").byDimstore()).isTrue();
    assertThat(mark("purged").byDimstore()).isFalse();
  }

  @Test
  void theHighestMarkerStaysInTheRangeOfVersions() {
    add("a", KeyValue.Type.DeleteFamily, Versions.MAX, false, 1);
    assertThat(mark("a").floor()).isEqualTo(Versions.MAX);
  }

  private LogChanges.Mark mark(String row) {
    Map<byte[], LogChanges.Mark> rows = changes.rows();
    return rows.get(Bytes.toBytes(row));
  }

  private void add(
      String row, KeyValue.Type type, long timestamp, boolean isState, long writtenAt) {
    changes.add(
        new KeyValue(Bytes.toBytes(row), Bytes.toBytes("f"), Bytes.toBytes("q"), timestamp, type),
        isState,
        writtenAt);
  }
}
