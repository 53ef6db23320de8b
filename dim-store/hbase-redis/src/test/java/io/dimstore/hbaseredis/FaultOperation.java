// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** The operations that a test begins under each fault. */
public enum FaultOperation {
  GET {
    @Override
    CompletionStage<?> begin(Users users, ScanSplit split) {
      // This key has no entry in Redis.
      return users
          .table()
          .get(List.of(Key.of("cold-" + NUMBERS.incrementAndGet())), users.spec().all());
    }
  },
  WRITE {
    @Override
    CompletionStage<?> begin(Users users, ScanSplit split) {
      long version = NUMBERS.incrementAndGet();
      return users.table().write(List.of(Users.user("row", "BE", 1, version)));
    }
  },
  SCAN {
    @Override
    CompletionStage<?> begin(Users users, ScanSplit split) {
      return users.table().scan(split, 10);
    }
  },
  REPAIR {
    @Override
    CompletionStage<?> begin(Users users, ScanSplit split) {
      return ((Maintenance) users.table()).repair(100);
    }
  },
  PURGE {
    @Override
    CompletionStage<?> begin(Users users, ScanSplit split) {
      return ((Maintenance) users.table()).purge(split, 10);
    }
  };

  private static final AtomicLong NUMBERS = new AtomicLong();

  abstract CompletionStage<?> begin(Users users, ScanSplit split);

  /** Returns a version higher than that of any earlier write. */
  static long nextVersion() {
    return NUMBERS.incrementAndGet();
  }

  /** Waits for a call and returns the kind of its failure; null if it succeeds. */
  static StoreException.Kind failureOf(CompletionStage<?> call) {
    return Users.await(
        call.handle(
            (value, failure) -> failure == null ? null : StoreException.find(failure).kind()));
  }

  /** Begins all operations at once while Redis fails. */
  public static void assertServedWithoutRedis(Users users, ScanSplit split) {
    Map<FaultOperation, CompletionStage<?>> running = new EnumMap<>(FaultOperation.class);
    for (FaultOperation operation : values()) {
      running.put(operation, operation.begin(users, split));
    }
    running.forEach((operation, call) -> FaultTrial.withoutRedis(operation, failureOf(call)));
  }
}
