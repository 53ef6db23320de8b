// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.write;

import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.RowUpdates;
import io.dimstore.spi.StoreMetrics;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A process that writes and updates until it is killed, and prints what it writes. Before a change
 * is sent, it prints a line with {@code B}, its number, key, version and kind; when it was
 * acknowledged, a line with {@code A} and its number. It ends when its input ends.
 */
final class WriterMain {

  static final int OWN_KEYS = 4;
  static final int SHARED_KEYS = 4;
  private static final int THREADS = 8;

  private WriterMain() {}

  /** Arguments: ZooKeeper, the port of Redis, the table, the writer's number, the seed. */
  public static void main(String[] args) {
    String table = args[2];
    int writer = Integer.parseInt(args[3]);
    long seed = Long.parseLong(args[4]);
    Map<String, String> options =
        Map.of(
            // Intents of killed writers are reconciled after three times this deadline.
            "deadline", "3 s",
            "redis.timeout", "20 s",
            "zookeeper.quorum", args[0],
            "redis.host", "127.0.0.1",
            "redis.port", args[1]);
    DimensionStore store =
        DimensionStores.open("hbase-redis", options, StoreMetrics.NONE, InstantSource.system());
    DimensionTable users = store.table(Users.spec(table));
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    AtomicInteger numbers = new AtomicInteger();
    for (int i = 0; i < THREADS; i++) {
      Random random = new Random(seed * 10 + i);
      new Thread(() -> write(users, writer, random, numbers, out)).start();
    }
    try {
      while (System.in.read() >= 0) {
        // The input is empty; its end shows that the parent process has ended.
      }
    } catch (IOException e) {
      // The parent has ended.
    }
    Runtime.getRuntime().halt(0);
  }

  private static void write(
      DimensionTable users, int writer, Random random, AtomicInteger numbers, PrintStream out) {
    while (true) {
      int number = numbers.incrementAndGet();
      Change change = change(writer, number, random);
      say(out, "B " + number + " " + text(change));
      try {
        CompletionStage<Boolean> applied =
            random.nextInt(3) == 0
                ? update(users, change)
                : users.write(List.of(change)).thenApply(done -> true);
        if (!applied.toCompletableFuture().get(60, TimeUnit.SECONDS)) {
          continue;
        }
      } catch (ExecutionException e) {
        // The outcome is unknown: on a slow machine, the first writes may exceed their deadline.
        continue;
      } catch (InterruptedException | TimeoutException e) {
        throw new IllegalStateException(e);
      }
      say(out, "A " + number);
    }
  }

  /**
   * Applies a change as an update. Returns false if the row has a newer version, which may not be
   * acknowledged yet.
   */
  private static CompletionStage<Boolean> update(DimensionTable users, Change change) {
    AtomicBoolean applies = new AtomicBoolean();
    return ((RowUpdates) users)
        .update(
            List.of(change.key()),
            (key, stored) -> {
              applies.set(stored == null || stored.version() < change.version());
              return applies.get() ? change : null;
            })
        .thenApply(done -> applies.get());
  }

  private static void say(PrintStream out, String line) {
    synchronized (out) {
      out.print(line + "\n");
      out.flush();
    }
  }

  /** Versions follow the clock, may be late, and are unique. */
  private static Change change(int writer, int number, Random random) {
    long late = random.nextInt(4) == 0 ? random.nextInt(2_000) : random.nextInt(20);
    long version =
        (System.currentTimeMillis() - late) << 22 | (writer & 0x3ffL) << 12 | (number & 0xfffL);
    Key key =
        Key.of(
            random.nextBoolean()
                ? sharedKey(random.nextInt(SHARED_KEYS))
                : ownKey(writer, random.nextInt(OWN_KEYS)));
    return random.nextInt(4) == 0
        ? new Delete(key, version)
        : new Put(key, Row.of("w" + writer, number), version);
  }

  static String sharedKey(int number) {
    return "shared" + number;
  }

  static String ownKey(int writer, int number) {
    return "w" + writer + "-" + number;
  }

  private static String text(Change change) {
    String text = change.key().get(0) + " " + change.version();
    return change instanceof Put put
        ? text + " P " + put.row().get(0) + " " + put.row().get(1)
        : text + " D";
  }

  /** Returns the change of a {@code B} line, which is split at its blanks. */
  static Change parse(String[] words) {
    Key key = Key.of(words[2]);
    long version = Long.parseLong(words[3]);
    return words[4].equals("D")
        ? new Delete(key, version)
        : new Put(key, Row.of(words[5], Integer.valueOf(words[6])), version);
  }
}
