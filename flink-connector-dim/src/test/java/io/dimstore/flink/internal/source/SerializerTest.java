// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SerializerTest {

  private static final DimSplit SPLIT = new DimSplit("3", "memory/1/ß" + "x".repeat(100_000));

  @Test
  void aSplitComesBackEqual() throws IOException {
    SplitSerializer serializer = new SplitSerializer();
    byte[] bytes = serializer.serialize(SPLIT);
    assertThat(serializer.deserialize(serializer.getVersion(), bytes)).isEqualTo(SPLIT);
  }

  @Test
  void progressComesBackEqual() throws IOException {
    ProgressSerializer serializer = new ProgressSerializer();
    for (ScanProgress progress :
        List.of(
            new ScanProgress(false, List.of()),
            new ScanProgress(true, List.of(SPLIT, new DimSplit("4", ""))))) {
      byte[] bytes = serializer.serialize(progress);
      assertThat(serializer.deserialize(serializer.getVersion(), bytes)).isEqualTo(progress);
    }
  }

  @Test
  void anotherFormatIsRefused() {
    assertThatThrownBy(() -> new SplitSerializer().deserialize(2, new byte[0]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("format 2");
    assertThatThrownBy(() -> new ProgressSerializer().deserialize(2, new byte[0]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("format 2");
  }

  @Test
  void truncatedBytesAreRefused() throws IOException {
    byte[] bytes = new SplitSerializer().serialize(SPLIT);
    byte[] cut = java.util.Arrays.copyOf(bytes, bytes.length - 1);
    assertThatThrownBy(() -> new SplitSerializer().deserialize(1, cut))
        .isInstanceOf(IOException.class);
  }
}
