// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.dynamodb.faults.KeyHistory.Reader;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.dynamodb.model.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs several writers and readers of the same keys, each with a store of its own, with random
 * faults of their requests. {@code -Ddimstore.seed} repeats the random choices of a run, but not
 * its timing.
 */
class HistoryUnderFaultsIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  private static final int KEYS = 30;
  private static final int WRITERS = 3;
  private static final int READERS = 3;
  private static final int WRITES = 80;

  private static final List<Fault> FAULTS =
      List.of(
          Fault.reset(),
          Fault.lostAnswer(),
          Fault.lostAnswer(),
          Fault.resetMidBody(),
          Fault.slow(Duration.ofMillis(150)),
          Fault.slow(Duration.ofMillis(1_500)),
          Fault.error(500, "InternalServerError", "The request failed"),
          Fault.error(503, "ServiceUnavailable", "Away"),
          Fault.wrongChecksum(),
          Fault.answer(200, "{}"),
          Fault.throttle("ThrottlingException"));

  private final AtomicLong versions = new AtomicLong();
  private final List<KeyHistory> histories =
      IntStream.range(0, KEYS).mapToObj(i -> new KeyHistory(Key.of("k" + i))).toList();

  @BeforeAll
  static void warmUp() throws IOException {
    FaultFixture.warmUp(stack);
  }

  /** Returns one seed, or as many as {@code -Ddimstore.histories} says. */
  static LongStream seeds() {
    long first = Long.getLong("dimstore.seed", System.nanoTime());
    return LongStream.range(first, first + Long.getLong("dimstore.histories", 1));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void versionsNeverGoBackAndAcknowledgedWritesAreNeverLost(long seed) throws Exception {
    System.out.println("Seed of the history: " + seed);
    List<FaultFixture> rigs = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS + READERS);
    try {
      for (int i = 0; i < WRITERS + READERS; i++) {
        rigs.add(new FaultFixture(stack, "attempt-timeout", "1 s", "deadline", "6 s"));
      }
      TableSpec spec = rigs.get(0).created();
      List<Future<Integer>> writers = new ArrayList<>();
      List<Future<Integer>> readers = new ArrayList<>();
      for (int i = 0; i < rigs.size(); i++) {
        Random random = new Random(seed + i);
        FaultFixture fixture = rigs.get(i);
        fixture.proxy.otherwise(target -> faultOf(random));
        Random choices = new Random(seed - 1 - i);
        if (i < WRITERS) {
          writers.add(threads.submit(() -> write(fixture.table(spec), choices)));
        } else {
          Callable<Integer> reads = () -> read(fixture.table(spec), spec, choices, writers);
          readers.add(threads.submit(reads));
        }
      }
      int acknowledged = 0;
      for (Future<Integer> writer : writers) {
        acknowledged += writer.get(120, TimeUnit.SECONDS);
      }
      int answered = 0;
      for (Future<Integer> reader : readers) {
        answered += reader.get(120, TimeUnit.SECONDS);
      }
      assertThat(acknowledged).as("writes that succeeded").isGreaterThan(WRITERS * WRITES / 3);
      assertThat(answered).as("reads that succeeded").isGreaterThan(20);
      rigs.forEach(fixture -> fixture.proxy.heal());
      assertEnd(rigs.get(WRITERS).table(spec), spec);
    } finally {
      threads.shutdownNow();
      for (FaultFixture fixture : rigs) {
        fixture.close();
      }
    }
  }

  private static Fault faultOf(Random random) {
    synchronized (random) {
      return random.nextInt(6) > 0 ? Fault.none() : FAULTS.get(random.nextInt(FAULTS.size()));
    }
  }

  /** Returns the number of calls that succeeded. */
  private int write(DimensionTable table, Random random) {
    int succeeded = 0;
    for (int i = 0; i < WRITES; i++) {
      List<KeyHistory> chosen = new ArrayList<>(histories);
      Collections.shuffle(chosen, random);
      List<Change> changes = new ArrayList<>();
      int size = random.nextBoolean() ? 1 + random.nextInt(3) : 4 + random.nextInt(12);
      for (KeyHistory history : chosen.subList(0, size)) {
        // Some versions are older than others in flight.
        long version = versions.addAndGet(2) - (random.nextInt(4) == 0 ? 151 : 0);
        if (version > 0) {
          changes.add(
              random.nextInt(3) == 0
                  ? new Delete(history.key(), version)
                  : new Put(history.key(), Row.of((int) version), version));
        }
      }
      changes.forEach(change -> of(change.key()).begun(change));
      try {
        FaultFixture.await(table.write(changes));
        changes.forEach(change -> of(change.key()).acknowledged(change));
        succeeded++;
      } catch (RuntimeException e) {
        requireRetryable(e);
      }
    }
    return succeeded;
  }

  /** Returns the number of calls that succeeded. */
  private int read(
      DimensionTable table, TableSpec spec, Random random, List<Future<Integer>> writers) {
    Map<Key, Reader> readers = new HashMap<>();
    int succeeded = 0;
    while (!writers.stream().allMatch(Future::isDone)) {
      List<KeyHistory> chosen = new ArrayList<>(histories);
      Collections.shuffle(chosen, random);
      List<Key> keys =
          chosen.subList(0, 1 + random.nextInt(KEYS)).stream().map(KeyHistory::key).toList();
      keys.forEach(key -> readers.computeIfAbsent(key, k -> of(k).reader()).begin());
      try {
        List<Put> found = FaultFixture.await(table.get(keys, spec.all()));
        for (int i = 0; i < keys.size(); i++) {
          readers.get(keys.get(i)).sees(found.get(i));
        }
        succeeded++;
      } catch (RuntimeException e) {
        requireRetryable(e);
      }
    }
    return succeeded;
  }

  /** Asserts that a scan shows the final rows too, and that older puts do not change them. */
  private void assertEnd(DimensionTable table, TableSpec spec) {
    List<Key> keys = histories.stream().map(KeyHistory::key).toList();
    List<Put> stands = FaultFixture.await(table.get(keys, spec.all()));
    for (int i = 0; i < KEYS; i++) {
      Reader reader = histories.get(i).reader();
      reader.begin();
      reader.sees(stands.get(i));
    }
    List<Change> late = new ArrayList<>();
    for (KeyHistory history : histories) {
      if (history.lastAcknowledged() > 0) {
        late.add(new Put(history.key(), Row.of(-1), history.lastAcknowledged() - 1));
      }
    }
    FaultFixture.await(table.write(late));
    assertThat(FaultFixture.await(table.get(keys, spec.all()))).isEqualTo(stands);
    List<Change> scanned = new ArrayList<>();
    ScanSplit next = FaultFixture.await(table.splits(1, ScanOptions.rows(spec.all()))).get(0);
    while (next != null) {
      ScanPage page = FaultFixture.await(table.scan(next, 10));
      scanned.addAll(page.changes());
      next = page.remaining();
    }
    assertThat(scanned)
        .containsExactlyInAnyOrderElementsOf(
            stands.stream().filter(put -> put != null).map(put -> (Change) put).toList());
  }

  private KeyHistory of(Key key) {
    return histories.stream().filter(h -> h.key().equals(key)).findFirst().orElseThrow();
  }

  private static void requireRetryable(RuntimeException failure) {
    StoreException known = StoreException.find(failure);
    if (known == null || !known.kind().isRetryable()) {
      throw failure;
    }
  }
}
