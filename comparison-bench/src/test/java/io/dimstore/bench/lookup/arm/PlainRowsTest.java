// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup.arm;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.junit.jupiter.api.Test;

class PlainRowsTest {

  @Test
  void anEntryHasTheValuesThatWereWritten() {
    Object[] values = {
      StringData.fromString("de"),
      3,
      1L << 40,
      StringData.fromString("Zoë"),
      null,
      TimestampData.fromEpochMillis(1_700_000_000_123L)
    };
    assertThat(PlainRows.decode(PlainRows.encode(values))).isEqualTo(values);
    assertThat(PlainRows.decode(PlainRows.encode(new Object[6]))).isEqualTo(new Object[6]);
    assertThat(PlainRows.decode(PlainRows.ABSENT)).isNull();
  }
}
