// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.History.Reading;
import io.dimstore.hbaseredis.History.Written;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Threads that write and read some keys until {@link #end}. A history checks the answers. */
final class Traffic {

  private final History history;
  private final int keys;
  private final String filler;
  private int latest = 8;
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final AtomicLong versions = new AtomicLong();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<CompletableFuture<Void>> all = new ArrayList<>();

  /** Creates traffic over this many keys, with rows at least as large as the filler. */
  Traffic(History history, int keys, String filler) {
    this.history = history;
    this.keys = keys;
    this.filler = filler;
  }

  /** Disables late changes; allows only one writer. */
  Traffic inOrder() {
    latest = 1;
    return this;
  }

  Traffic writer(Users users, long seed) {
    Random random = new Random(seed);
    return run(() -> write(users, random));
  }

  Traffic reader(Users users, long seed) {
    Random random = new Random(seed);
    return run(() -> read(users, random));
  }

  private Traffic run(Runnable work) {
    all.add(
        CompletableFuture.runAsync(
            () -> {
              while (running.get()) {
                work.run();
              }
            },
            threads));
    return this;
  }

  private void write(Users users, Random random) {
    long version = Math.max(0, versions.incrementAndGet() - random.nextInt(latest));
    Key key = Key.of(id(random.nextInt(keys)));
    Change change =
        random.nextInt(4) == 0
            ? new Delete(key, version)
            : new Put(key, Row.of(filler + random.nextInt(), (int) version), version);
    Written written = history.begins(change);
    users.write(change);
    history.succeeded(written);
  }

  private void read(Users users, Random random) {
    String id = id(random.nextInt(keys));
    Reading reading = history.reads(Key.of(id));
    history.saw(reading, users.get(id));
  }

  /** Whether no thread has failed yet. */
  boolean isFine() {
    return all.stream().noneMatch(CompletableFuture::isDone);
  }

  /** Ends the threads; fails with the first failure of any thread. */
  void end() {
    running.set(false);
    try {
      all.forEach(Users::await);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Asserts that HBase holds the result of the history, and Redis the same as HBase. */
  void compare(Users users, Users withoutRedis) {
    for (int i = 0; i < keys; i++) {
      Reading reading = history.reads(Key.of(id(i)));
      Put held = withoutRedis.get(id(i));
      history.saw(reading, held);
      assertThat(users.get(id(i))).as("Redis against HBase").isEqualTo(held);
    }
    for (var page : users.check(500, false)) {
      assertThat(page.differences()).isEmpty();
    }
  }

  private static String id(int number) {
    return "k" + number;
  }
}
