// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValuesTest {

  @Test
  void byteArraysAreComparedByContentAtAnyDepth() {
    Row left = Row.of(new byte[] {1}, List.of(new byte[] {2}), Map.of("k", new byte[] {3}));
    Row right = Row.of(new byte[] {1}, List.of(new byte[] {2}), Map.of("k", new byte[] {3}));
    assertThat(left).isEqualTo(right).hasSameHashCodeAs(right);
    assertThat(Key.of(new byte[] {1})).isEqualTo(Key.of(new byte[] {1}));
    assertThat(Key.of(new byte[] {1}).hashCode()).isEqualTo(Key.of(new byte[] {1}).hashCode());
    assertThat(left).isNotEqualTo(Row.of(new byte[] {1}, List.of(new byte[] {0}), Map.of()));
  }

  @Test
  void mapsKeyedByBytesAreEqualByContent() {
    Map<byte[], Integer> left = new HashMap<>();
    Map<byte[], Integer> right = new HashMap<>();
    for (byte i = 0; i < 5; i++) {
      left.put(new byte[] {i}, (int) i);
      right.put(new byte[] {(byte) (4 - i)}, 4 - i);
    }
    assertThat(Row.of(left)).isEqualTo(Row.of(right)).hasSameHashCodeAs(Row.of(right));
    right.put(new byte[] {9}, 9);
    assertThat(Row.of(left)).isNotEqualTo(Row.of(right));
  }

  @Test
  void nullEqualsOnlyNull() {
    Map<String, Object> withNull = new HashMap<>();
    withNull.put(null, null);
    assertThat(Row.of(Arrays.asList("a", null), withNull))
        .isEqualTo(Row.of(new ArrayList<>(Arrays.asList("a", null)), new HashMap<>(withNull)));
    assertThat(Row.of((Object) null)).isNotEqualTo(Row.of()).isNotEqualTo(Row.of("null"));
    assertThatThrownBy(() -> Key.of("a", null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void zerosOfDifferentSignDiffer() {
    assertThat(Row.of(0.0)).isNotEqualTo(Row.of(-0.0));
    assertThat(Row.of(Double.NaN)).isEqualTo(Row.of(Double.NaN));
  }

  @Test
  void longValuesArePrintedInPart() {
    assertThat(Key.of("x".repeat(1_000)).toString()).hasSizeLessThan(300);
    assertThat(Row.of(new byte[1_000], 1).toString()).contains("(1000 bytes)").hasSizeLessThan(200);
    assertThat(Key.of(new byte[] {1, (byte) 0xab})).hasToString("[0x01ab]");
  }
}
