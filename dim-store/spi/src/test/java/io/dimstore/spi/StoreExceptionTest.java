// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.StoreException.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoreExceptionTest {

  @Test
  void kindsThatMaySucceedLaterAreRetryable() {
    assertThat(Arrays.stream(Kind.values()).filter(Kind::isRetryable))
        .containsExactlyInAnyOrder(Kind.THROTTLED, Kind.UNAVAILABLE, Kind.TIMEOUT);
  }

  @ParameterizedTest
  @EnumSource
  void onlyInvalidAndCorruptNameKeys(Kind kind) {
    List<Key> keys = new StoreException(kind, "x", List.of(Key.of("k")), null).keys();
    if (kind == Kind.INVALID || kind == Kind.CORRUPT) {
      assertThat(keys).containsExactly(Key.of("k"));
    } else {
      assertThat(keys).isEmpty();
    }
  }

  @Test
  void exceptionIsFoundInsideTheWrappersOfFutures() {
    StoreException inner = StoreException.invalid("x", List.of(Key.of("k")));
    assertThat(StoreException.find(new CompletionException(new ExecutionException(inner))))
        .isSameAs(inner);
    assertThat(StoreException.find(inner)).isSameAs(inner);
    assertThat(StoreException.find(new IllegalStateException(inner))).isNull();
    assertThat(StoreException.find(new CompletionException(null))).isNull();
    assertThat(StoreException.find(null)).isNull();
  }

  @Test
  void serializedExceptionLosesOnlyItsKeys() throws Exception {
    StoreException sent = StoreException.invalid("x", List.of(Key.of("k")));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(sent);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      StoreException received = (StoreException) in.readObject();
      assertThat(received.kind()).isEqualTo(Kind.INVALID);
      assertThat(received.keys()).isEmpty();
      assertThat(received).hasToString("StoreException INVALID: x");
    }
  }
}
