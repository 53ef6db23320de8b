// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.History;
import io.dimstore.hbaseredis.fixture.History.Reading;
import io.dimstore.hbaseredis.fixture.Signals;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance.Backlog;
import io.dimstore.spi.Put;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.relay.Hold;
import io.dimstore.stack.relay.Relay;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Processes that write and update are killed, or stopped and continued, at random moments, beside
 * readers. No reader sees a version older than an acknowledged one. After a repair, HBase and Redis
 * agree, and hold every acknowledged write. Requests of the processes to Redis are delayed, so that
 * most processes die between HBase and Redis.
 *
 * <p>{@code -Ddimstore.kills=N} and {@code -Ddimstore.stops=N} extend the runs.
 */
class KilledWriterIT {

  private static final int KILLS = Integer.getInteger("dimstore.kills", 6);
  private static final int STOPS = Integer.getInteger("dimstore.stops", 200);
  private static final int AT_ONCE = 3;

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  private final long seed = Long.getLong("dimstore.kills.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final History history = new History(History.Kind.RECORDED_ANY_TIME);
  private final AtomicInteger started = new AtomicInteger();
  private final List<WriterProcess> running = new ArrayList<>();

  @Test
  void afterRepairNothingIsLostAndTheCopiesAgree() throws Exception {
    HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    ExecutorService threads = Executors.newCachedThreadPool();
    AtomicBoolean writing = new AtomicBoolean(true);
    try (Users reader = Users.open(servers, Map.of("redis.timeout", "20 s")).created();
        Users hbaseOnly = Users.open(servers, Map.of("redis.port", "1"), reader.spec());
        Relay relay = Relay.to(stack.redis().port(), this::held, Hold.NONE)) {
      List<CompletableFuture<Void>> readers =
          Stream.generate(() -> CompletableFuture.runAsync(() -> read(reader, writing), threads))
              .limit(2)
              .toList();
      try {
        disturb(relay, reader.spec().name(), readers);
      } finally {
        writing.set(false);
        for (WriterProcess writer : running) {
          writer.kill();
        }
      }
      for (CompletableFuture<Void> one : readers) {
        Users.await(one);
      }
      Backlog left = reader.backlog();
      HBaseShell.await("all write intents are reconciled", () -> isReconciled(reader));
      for (var page : reader.check(500, false)) {
        assertThat(page.differences()).as("differences after repair").isEmpty();
      }
      for (String id : keys()) {
        Reading reading = history.reads(Key.of(id));
        Put held = hbaseOnly.get(id);
        history.saw(reading, held);
        assertThat(reader.get(id)).as("Redis against HBase").isEqualTo(held);
      }
      history.end();
      System.err.printf(
          "kills: seed %d, %d killed, %d stopped, %d writes acknowledged, %d reads, %d keys"
              + " pending, %d healed%n",
          seed,
          started.get(),
          STOPS,
          history.writes(),
          history.reads(),
          left.keys(),
          reader.count("repair.healed"));
      assertThat(left.keys()).as("pending keys of the killed processes").isPositive();
      assertThat(reader.count("breaker.open")).isZero();
    } catch (Throwable e) {
      throw History.failure(seed, e);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Delays the update of Redis by a few milliseconds. */
  private long held(byte[] piece, int length) {
    synchronized (random) {
      return 1_000_000 + random.nextInt(8_000_000);
    }
  }

  private void disturb(Relay relay, String table, List<CompletableFuture<Void>> readers)
      throws Exception {
    int kills = 0;
    int stops = 0;
    long last = System.nanoTime();
    while (kills < KILLS || stops < STOPS) {
      assertThat(readers).noneMatch(CompletableFuture::isDone);
      stack.stack("hbase").check();
      assertThat(System.nanoTime() - last)
          .as("nanoseconds since a process has last written")
          .isLessThan(TimeUnit.MINUTES.toNanos(2));
      while (running.size() < AT_ONCE) {
        int number = started.incrementAndGet();
        running.add(
            WriterProcess.start(
                stack.hbase(), relay.port(), table, number, seed + number, history));
      }
      WriterProcess one = running.get(random.nextInt(running.size()));
      assertThat(one.isAlive()).as("the process that writes").isTrue();
      // The first writes of a process show that it has started to write.
      boolean writes = one.acknowledged() > 5;
      last = writes ? System.nanoTime() : last;
      if (writes && kills < KILLS && random.nextInt(20) == 0) {
        one.kill();
        running.remove(one);
        kills++;
      } else if (writes && stops < STOPS) {
        Signals.stop(one.pid());
        // A few are stopped for longer than the others take to overwrite all keys that they had
        // begun to write.
        pause(random.nextInt(50) == 0 ? 500_000 : random.nextInt(20_000));
        Signals.go(one.pid());
        stops++;
      }
      pause(random.nextInt(10_000));
    }
  }

  private static void pause(int micros) {
    LockSupport.parkNanos(micros * 1_000L);
  }

  private Stream<String> names() {
    return Stream.concat(
        IntStream.range(0, WriterMain.SHARED_KEYS).mapToObj(WriterMain::sharedKey),
        IntStream.rangeClosed(1, started.get())
            .boxed()
            .flatMap(
                writer ->
                    IntStream.range(0, WriterMain.OWN_KEYS)
                        .mapToObj(n -> WriterMain.ownKey(writer, n))));
  }

  private List<String> keys() {
    return names().toList();
  }

  private void read(Users users, AtomicBoolean writing) {
    Random own = new Random(seed);
    while (writing.get()) {
      List<String> ids = keys();
      // Mostly the shared keys and those of the latest processes.
      int latest = Math.max(0, ids.size() - 2 * AT_ONCE * WriterMain.OWN_KEYS);
      int from = own.nextInt(10) == 0 ? 0 : latest;
      String id =
          own.nextBoolean()
              ? ids.get(own.nextInt(WriterMain.SHARED_KEYS))
              : ids.get(from + own.nextInt(ids.size() - from));
      Reading reading = history.reads(Key.of(id));
      history.saw(reading, users.get(id));
      // Leave the processor to the writers.
      pause(200);
    }
  }

  private static boolean isReconciled(Users users) {
    users.repair();
    return users.backlog().keys() == 0;
  }
}
