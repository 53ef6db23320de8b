package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** What a test begins under each fault. */
enum FaultOperation {
  GET {
    @Override
    CompletionStage<?> begin(Users users, ScanSplit split) {
      // A key that Redis does not have.
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

  /** Returns a version that no write before had. */
  static long nextVersion() {
    return NUMBERS.incrementAndGet();
  }

  /** Waits for a call and returns the kind of its failure; null where it succeeds. */
  static StoreException.Kind failureOf(CompletionStage<?> call) {
    return Users.await(
        call.handle(
            (value, failure) -> failure == null ? null : StoreException.find(failure).kind()));
  }

  /**
   * Begins all operations at once while Redis fails: reads, writes and scans succeed; repairs and
   * purges, which are about Redis, too, may have to be tried again.
   */
  static void assertServedWithoutRedis(Users users, ScanSplit split) {
    Map<FaultOperation, CompletionStage<?>> running = new EnumMap<>(FaultOperation.class);
    for (FaultOperation operation : values()) {
      running.put(operation, operation.begin(users, split));
    }
    running.forEach(
        (operation, call) -> {
          StoreException.Kind failure = failureOf(call);
          boolean mayFail = operation == REPAIR || operation == PURGE;
          assertThat(failure == null || mayFail && failure.isRetryable())
              .as("failure of %s: %s", operation, failure)
              .isTrue();
        });
  }
}
