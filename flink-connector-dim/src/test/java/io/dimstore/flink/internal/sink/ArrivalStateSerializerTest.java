// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ArrivalStateSerializerTest {

  private final ArrivalStateSerializer serializer = new ArrivalStateSerializer();

  @Test
  void stateComesBackEqual() throws Exception {
    ArrivalClock.State state = new ArrivalClock.State(1_700_000_000_123L, -5);
    assertThat(serializer.deserialize(serializer.getVersion(), serializer.serialize(state)))
        .isEqualTo(state);
  }

  @Test
  void stateOfAnEarlierFormatIsRefusedWithTheRemedy() {
    assertThatThrownBy(() -> serializer.deserialize(1, new byte[16]))
        .hasMessageContaining("format 1")
        .hasMessageContaining("this one reads format 2")
        .hasMessageContaining("Remedy: start the job without this savepoint");
  }
}
