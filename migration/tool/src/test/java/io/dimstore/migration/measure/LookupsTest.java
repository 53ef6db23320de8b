// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.migration.store.Calls;
import io.dimstore.migration.store.Clock;
import io.dimstore.migration.store.MemoryTables;
import io.dimstore.migration.store.Side;
import io.dimstore.migration.store.TableProxy;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreMetrics.Operation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LookupsTest {

  private static final LookupSettings SETTINGS =
      new LookupSettings(Duration.ofMillis(900), 500, 2, 20, 1);

  private final MemoryTables tables = new MemoryTables();
  private final RequestCounter ofOld = new RequestCounter();
  private final RequestCounter ofTarget = new RequestCounter();

  @AfterEach
  void close() {
    tables.close();
  }

  @Test
  void everyLookupAndItsRequestsAreCounted() throws Exception {
    Side side = filled(1_000);
    LookupResult result = run(counted(side, ofOld, 0), counted(side, ofTarget, 0));

    assertThat(result.rows()).hasSize(500);
    assertThat(result.old().lookups()).isPositive();
    assertThat(result.target().lookups()).isPositive();
    assertThat(result.target().requests().sent()).isEqualTo(result.target().lookups());
    assertThat(result.target().requests().readUnits()).isEqualTo(result.target().lookups() * 0.5);
    assertThat(result.target().requests().throttled()).isZero();
    assertThat(result.target().p50Micros()).isLessThanOrEqualTo(result.target().p99Micros());
    assertThat(result.ratio()).isPositive();
  }

  @Test
  void failedLookupsAndThrottlesAreCountedOnTheirSide() throws Exception {
    Side side = filled(1_000);
    LookupResult result = run(counted(side, ofOld, 0), counted(side, ofTarget, 10));
    assertThat(result.old().failed()).isZero();
    assertThat(result.old().requests().throttled()).isZero();
    assertThat(result.target().failed()).isPositive();
    assertThat(result.target().requests().throttled()).isEqualTo(result.target().failed());
    assertThat(result.target().requests().sent())
        .isEqualTo(result.target().lookups() + result.target().failed());
  }

  @Test
  void emptyTableHasNoLookups() throws Exception {
    Side side = filled(0);
    LookupResult result = run(counted(side, ofOld, 0), counted(side, ofTarget, 0));
    assertThat(result.rows()).isEmpty();
    assertThat(result.old().lookups()).isZero();
    assertThat(ofTarget.requests().sent()).isZero();
  }

  private LookupResult run(Side old, Side target) throws Exception {
    return new Lookups(
            new Lookups.Measured(old, ofOld),
            new Lookups.Measured(target, ofTarget),
            SETTINGS,
            new Calls(Clock.SYSTEM, Duration.ofSeconds(10)),
            Clock.SYSTEM)
        .run((blocks, all) -> assertThat(blocks).isLessThanOrEqualTo(all));
  }

  private Side filled(int rows) {
    Side side = tables.fromSide();
    if (rows > 0) {
      MemoryTables.write(
          side.table(),
          IntStream.range(0, rows).mapToObj(i -> MemoryTables.row(i, "n", 1)).toList());
    }
    return side;
  }

  /** Reports half a read unit for each lookup, and throttles one of so many. */
  private static Side counted(Side side, StoreMetrics metrics, int throttledOneOf) {
    AtomicInteger calls = new AtomicInteger();
    DimensionTable table =
        new TableProxy(side.table()) {
          @Override
          public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
            boolean throttled = throttledOneOf > 0 && calls.incrementAndGet() % throttledOneOf == 0;
            metrics.request(
                new StoreMetrics.Request(
                    "test",
                    Operation.GET,
                    keys.size(),
                    0,
                    1,
                    0,
                    throttled ? 0 : 0.5,
                    0,
                    throttled ? StoreException.Kind.THROTTLED : null));
            if (throttled) {
              metrics.count("throttled", 1);
              return CompletableFuture.failedFuture(
                  new StoreException(StoreException.Kind.THROTTLED, "throttled by the test"));
            }
            return super.get(keys, columns);
          }
        };
    return new Side(side.name(), side.spec(), table);
  }
}
