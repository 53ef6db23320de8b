// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support.ordered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowBytesTest {

  private static final List<byte[]> CELLS = Arrays.asList(new byte[] {1, 2}, null, new byte[0]);

  @Test
  void cellsComeBackAsTheyWere() {
    List<byte[]> decoded = RowBytes.decode(RowBytes.encode(CELLS), 3);
    assertThat(decoded.get(0)).containsExactly(1, 2);
    assertThat(decoded.get(1)).isNull();
    assertThat(decoded.get(2)).isEmpty();
    assertThat(RowBytes.decode(RowBytes.encode(List.of()), 0)).isEmpty();
  }

  @Test
  void damagedBytesAreRefused() {
    byte[] row = RowBytes.encode(CELLS);
    for (int length = 0; length < row.length; length++) {
      byte[] torn = Arrays.copyOf(row, length);
      assertThatThrownBy(() -> RowBytes.decode(torn, 3))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> RowBytes.decode(row, 2)).isInstanceOf(IllegalArgumentException.class);
    row[3] = Byte.MAX_VALUE;
    assertThatThrownBy(() -> RowBytes.decode(row, 3)).isInstanceOf(IllegalArgumentException.class);
  }
}
