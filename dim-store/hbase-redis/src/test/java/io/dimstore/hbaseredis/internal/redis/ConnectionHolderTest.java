// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConnectionHolderTest {

  @Test
  void nothingIsOpenedAfterClose() {
    AtomicInteger opened = new AtomicInteger();
    ConnectionHolder<Integer> holder =
        new ConnectionHolder<>(opened::incrementAndGet, connection -> {});
    holder.close();
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(holder::take)
        .extracting(StoreException::kind)
        .isEqualTo(Kind.CLOSED);
    assertThat(opened).hasValue(0);
  }
}
