package io.dimstore.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.ChangeFeed.Start;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.Server;
import io.dimstore.stack.relay.Relay;
import io.dimstore.stack.relay.RelayFault;
import io.dimstore.tck.SteadyLoad;
import java.io.IOException;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each operation while DynamoDB is not reached as it should be, idle and under load. */
class RelayFaultsIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with(Server.DYNAMODB);

  private static final AtomicLong NUMBERS = new AtomicLong();

  /** A store behind a relay, and where its scan and its feed go on. */
  private record Subject(
      DimensionTable table, TableSpec spec, ScanSplit split, ChangeFeed feed, FeedPosition from) {}

  /** What is begun under each fault. */
  private enum Operation {
    GET {
      @Override
      CompletionStage<?> begin(Subject subject) {
        return subject.table.get(List.of(Key.of("row"), Key.of("absent")), subject.spec.all());
      }
    },
    WRITE {
      @Override
      CompletionStage<?> begin(Subject subject) {
        return subject.table.write(List.of(row("row", NUMBERS.incrementAndGet())));
      }
    },
    SCAN {
      @Override
      CompletionStage<?> begin(Subject subject) {
        return subject.table.scan(subject.split, 10);
      }
    },
    FEED {
      @Override
      CompletionStage<?> begin(Subject subject) {
        return subject.feed.poll(subject.from, 10);
      }
    };

    abstract CompletionStage<?> begin(Subject subject);
  }

  @BeforeAll
  static void warmUp() throws IOException {
    FaultRig.warmUp(stack);
  }

  private static Put row(String key, long version) {
    return new Put(Key.of(key), Row.of((int) version), version);
  }

  private static TableSpec followed() {
    TableSpec spec = FaultRig.spec();
    return new TableSpec(
        spec.name(), spec.columns(), spec.keyColumns(), Map.of("change-feed", "true"));
  }

  private static DimensionStore open(Map<String, String> more) {
    Map<String, String> options = new HashMap<>(Local.options(stack));
    options.putAll(more);
    return DimensionStores.open("dynamodb", options, StoreMetrics.NONE, InstantSource.system());
  }

  @ParameterizedTest
  @EnumSource
  void eachOperationEndsInTimeAndGoesOnWhenTheFaultIsOver(RelayFault fault) {
    TableSpec spec = followed();
    Map<String, String> behind =
        fault == RelayFault.SLOW ? Map.of() : Map.of("attempt-timeout", "1 s", "deadline", "2 s");
    try (Relay relay = Relay.to(stack.dynamoDb().port());
        DimensionStore direct = open(Map.of());
        DimensionStore store = open(through(relay, behind))) {
      FaultRig.await(direct.createIfAbsent(spec));
      DimensionTable there = direct.table(spec);
      FaultRig.await(there.write(List.of(row("row", NUMBERS.incrementAndGet()))));
      Subject subject =
          new Subject(
              store.table(spec),
              spec,
              FaultRig.await(there.splits(1, ScanOptions.rows(spec.all()))).get(0),
              (ChangeFeed) store.table(spec),
              FaultRig.await(((ChangeFeed) there).follow(Start.EARLIEST)).get(0));
      for (Operation operation : Operation.values()) {
        FaultRig.until(operation + " once", () -> failureOf(operation.begin(subject)) == null);
      }
      SteadyLoad load;
      fault.begin(relay);
      try {
        assertEnds(fault, subject);
        load =
            SteadyLoad.start(
                subject.table, spec, 2, (thread, version) -> row("load-" + thread, version));
        assertEnds(fault, subject);
      } finally {
        fault.end(relay);
      }
      for (Operation operation : Operation.values()) {
        FaultRig.until(operation + " again", () -> failureOf(operation.begin(subject)) == null);
      }
      long before = load.acknowledged();
      FaultRig.until("writes again", () -> !load.isFine() || load.acknowledged() > before + 10);
      load.end();
      Put last = row("row", NUMBERS.incrementAndGet());
      FaultRig.await(subject.table.write(List.of(last)));
      assertThat(FaultRig.await(there.get(List.of(last.key()), spec.all()))).containsExactly(last);
    }
  }

  private static Map<String, String> through(Relay relay, Map<String, String> more) {
    Map<String, String> options = new HashMap<>(more);
    options.put("endpoint", "http://127.0.0.1:" + relay.port());
    return options;
  }

  /** All at once: each of them succeeds, or fails as may be tried again. */
  private static void assertEnds(RelayFault fault, Subject subject) {
    Map<Operation, CompletableFuture<?>> running = new EnumMap<>(Operation.class);
    for (Operation operation : Operation.values()) {
      running.put(operation, operation.begin(subject).toCompletableFuture());
    }
    running.forEach(
        (operation, call) -> {
          Kind failure = failureOf(call);
          if (fault == RelayFault.SLOW) {
            assertThat(failure).as("%s while slow", operation).isNull();
          } else if (fault.stopsAll()) {
            assertThat(failure)
                .as("%s while %s", operation, fault)
                .isIn(Kind.TIMEOUT, Kind.UNAVAILABLE);
          } else if (failure != null) {
            assertThat(failure.isRetryable()).as("%s: %s", operation, failure).isTrue();
          }
        });
  }

  private static Kind failureOf(CompletionStage<?> call) {
    return FaultRig.await(
        call.handle(
            (value, failure) -> failure == null ? null : StoreException.find(failure).kind()));
  }
}
