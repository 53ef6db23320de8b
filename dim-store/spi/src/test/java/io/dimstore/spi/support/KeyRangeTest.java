// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Key;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.TableSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyRangeTest {

  private static final TableSpec SPEC =
      new TableSpec("t", List.of(new Column("id", DataType.Simple.INT)), List.of("id"));

  @Test
  void aRangeWhoseEndIsNotAboveItsBeginIsEmpty() {
    assertThat(range(2, 3).isEmpty()).isFalse();
    assertThat(range(2, 2).isEmpty()).isTrue();
    assertThat(range(3, 2).isEmpty()).isTrue();
    assertThat(KeyRange.of("x", SPEC, ScanOptions.rows(SPEC.all())).isEmpty()).isFalse();
  }

  private static KeyRange range(int from, int to) {
    return KeyRange.of("x", SPEC, new ScanOptions(SPEC.all(), Key.of(from), Key.of(to), false));
  }
}
