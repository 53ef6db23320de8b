// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.bench.subject.BenchException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.StoreMetrics.Request;
import org.junit.jupiter.api.Test;

class RequestCountsTest {

  private final RequestCounts counts = new RequestCounts();

  @Test
  void storeThatDidOtherWorkIsRefused() {
    counts.request(new Request("redis", Operation.GET, 1, 1, 1, 0, 0, 0, null));
    counts.count("redis.hit", 100);
    counts.require("readHit", "redis.hit", 100);

    assertThatThrownBy(() -> counts.require("readHit", "redis.hit", 101))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("redis.hit");
  }

  @Test
  void aRequestThatFailedOrWasRetriedIsRefusedThoughTheEventsAreThoseExpected() {
    counts.count("redis.hit", 100);
    counts.request(new Request("redis", Operation.GET, 1, 1, 1, 0, 0, 0, Kind.TIMEOUT));
    assertThatThrownBy(() -> counts.require("readHit", "redis.hit", 100))
        .hasMessageContaining("failed=1");

    counts.clear();
    counts.count("redis.hit", 100);
    counts.request(new Request("redis", Operation.GET, 1, 1, 1, 1, 0, 0, null));
    assertThatThrownBy(() -> counts.require("readHit", "redis.hit", 100))
        .hasMessageContaining("failed=1");
  }

  @Test
  void anEventThatTheStoreNeverReportedIsRefused() {
    counts.count("redis.hit", 0);
    counts.clear();
    counts.require("dualWrite", "redis.hit", 0);

    assertThatThrownBy(() -> counts.require("dualWrite", "redis.hti", 0))
        .hasMessage("dualWrite: the store reports no redis.hti; it reports [redis.hit]");
  }

  @Test
  void unitsOfWritesAreSummedUntilTheCountsAreCleared() {
    counts.request(new Request("dynamodb", Operation.WRITE, 1, 1, 1, 0, 0, 1.5, null));
    counts.request(new Request("dynamodb", Operation.WRITE, 1, 1, 1, 0, 0, 1.5, null));
    assertThat(counts.writeUnits()).isEqualTo(3);

    counts.clear();
    assertThat(counts.writeUnits()).isZero();
  }
}
