// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup.arm;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.junit.jupiter.api.Test;

class PlainEntriesTest {

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
    assertThat(PlainEntries.decode(PlainEntries.encode(values))).isEqualTo(values);
    assertThat(PlainEntries.decode(PlainEntries.encode(new Object[6]))).isEqualTo(new Object[6]);
    assertThat(PlainEntries.decode(PlainEntries.ABSENT)).isNull();
  }
}
