// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.stack.LocalStackExtension;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/**
 * Writers and readers of one table through two stores, with late and equal versions. No reader sees
 * a version lower than one that it has seen before, and in the end HBase and Redis hold the same.
 */
class ConvergenceIT {

  private static final int KEYS = 8;
  private static final int BATCHES = 150;

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void copiesAgreeAndNoReaderGoesBack(long seed) throws Exception {
    HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    Map<String, String> hbaseAlone = Map.of("redis.port", Integer.toString(freePort()));
    ExecutorService threads = Executors.newCachedThreadPool();
    try (Users one = Users.open(servers, Map.of()).created();
        Users two = Users.open(servers, Map.of(), one.spec());
        Users hbaseOnly = Users.open(servers, hbaseAlone, one.spec())) {
      List<CompletableFuture<Void>> writers = new ArrayList<>();
      for (int w = 0; w < 4; w++) {
        Users users = w % 2 == 0 ? one : two;
        Random random = new Random(seed * 100 + w);
        writers.add(CompletableFuture.runAsync(() -> write(users, random), threads));
      }
      AtomicBoolean writing = new AtomicBoolean(true);
      List<CompletableFuture<Void>> readers = new ArrayList<>();
      for (int r = 0; r < 4; r++) {
        Users users = r % 2 == 0 ? one : two;
        Random random = new Random(seed * 100 + 50 + r);
        readers.add(CompletableFuture.runAsync(() -> read(users, random, writing), threads));
      }
      readers.add(CompletableFuture.runAsync(() -> evict(one, new Random(seed), writing), threads));
      try {
        Users.await(CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new)));
      } finally {
        writing.set(false);
      }
      Users.await(CompletableFuture.allOf(readers.toArray(CompletableFuture[]::new)));
      for (int k = 0; k < KEYS; k++) {
        Put held = hbaseOnly.get("k" + k);
        assertThat(one.get("k" + k)).as("seed %s, Redis against HBase", seed).isEqualTo(held);
        assertThat(two.get("k" + k)).as("seed %s, Redis against HBase", seed).isEqualTo(held);
      }
      assertThat(one.count("fill") + two.count("fill")).isPositive();
      assertThat(one.repair().examined()).as("write intents left").isZero();
    } finally {
      threads.shutdownNow();
    }
  }

  private static void write(Users users, Random random) {
    for (int batch = 0; batch < BATCHES; batch++) {
      List<Change> changes = new ArrayList<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        Key key = Key.of("k" + random.nextInt(KEYS));
        // Versions rise, overlap between writers, and arrive late.
        long version = batch + random.nextInt(10);
        changes.add(
            random.nextInt(4) == 0
                ? new Delete(key, version)
                : new Put(key, Row.of("c" + random.nextInt(), batch), version));
      }
      users.write(changes.toArray(Change[]::new));
    }
  }

  /** Removes entries at random, so that many fills happen whose entries readers then find. */
  private static void evict(Users users, Random random, AtomicBoolean writing) {
    try (Jedis plain = new Jedis(stack.redis().host(), stack.redis().port())) {
      while (writing.get()) {
        plain.del("dim:" + users.spec().name() + ":k" + random.nextInt(KEYS));
        LockSupport.parkNanos(500_000);
      }
    }
  }

  private static void read(Users users, Random random, AtomicBoolean writing) {
    Map<String, Long> seen = new HashMap<>();
    while (writing.get()) {
      String id = "k" + random.nextInt(KEYS);
      Put found = users.get(id);
      if (found != null) {
        assertThat(found.version())
            .as("version of %s, not behind the one seen before", id)
            .isGreaterThanOrEqualTo(seen.getOrDefault(id, 0L));
        seen.put(id, found.version());
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
