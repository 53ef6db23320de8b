// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.EpochTags;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.breaker.RequestPurpose;
import io.dimstore.hbaseredis.internal.breaker.RequestPurpose.Use;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.relay.Relay;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** Requests that wait for one Redis server, on a connection that a test can freeze. */
class RedisQueueIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("redis");

  private static final RequestPurpose READ =
      new RequestPurpose(Use.READ, server -> true, null, false);

  /** The purpose of a lookup, except that the request continues when the breaker opens. */
  private static final RequestPurpose CHECK =
      new RequestPurpose(Use.CHECK, server -> true, null, false);

  private static final RequestPurpose WRITE =
      new RequestPurpose(Use.WRITE, server -> true, null, false);

  private final String prefix = "queue_" + Users.unique() + ":";
  private Relay relay;
  private RedisServers servers;

  @BeforeEach
  void open() {
    relay = Relay.to(stack.redis().port());
  }

  @AfterEach
  void close() {
    servers.close();
    relay.close();
  }

  private void connect(String timeout, String requests, String megabytes) {
    servers =
        OneConnection.through(
            relay,
            Map.of(
                "redis.timeout", timeout,
                "redis.slow-after", "1 h",
                "redis.max-queued", requests,
                "redis.max-queued-megabytes", megabytes));
    // On a busy machine, the timeout can be too short for the first connection.
    HBaseShell.await(
        "a connection",
        () -> {
          CompletableFuture<?> first = read("connected", CHECK);
          HBaseShell.await("an end", first::isDone);
          return !first.isCompletedExceptionally();
        });
    relay.freeze();
  }

  private CompletableFuture<List<byte[]>> read(String id, RequestPurpose purpose) {
    return servers.values(List.of(Utf8.encode(prefix + id)), purpose);
  }

  private static List<Kind> failures(List<? extends CompletableFuture<?>> requests) {
    return requests.stream()
        .filter(CompletableFuture::isCompletedExceptionally)
        .map(
            request ->
                request.handle((done, failure) -> StoreException.find(failure).kind()).join())
        .toList();
  }

  @Test
  void requestsAreBoundedInNumberAndAQuarterIsForWrites() {
    connect("1 h", "100", "32");
    List<CompletableFuture<?>> reads = new ArrayList<>();
    List<CompletableFuture<?>> writes = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      reads.add(read("k" + i, READ));
    }
    // The read that opened the connection may not have released its room yet, and may do so below.
    List<Kind> refused = new ArrayList<>(failures(reads));
    assertThat(refused).hasSizeBetween(125, 126).containsOnly(Kind.THROTTLED);
    for (int i = 0; i < 50; i++) {
      writes.add(read("w" + i, WRITE));
    }
    assertThat(failures(writes)).hasSizeBetween(24, 25).containsOnly(Kind.THROTTLED);
    refused.addAll(failures(writes));
    assertThat(refused).as("all but the hundred that are allowed").hasSizeBetween(150, 151);
  }

  @Test
  void requestsAreBoundedInBytes() {
    connect("1 h", "1000000", "1");
    String large = "x".repeat(100_000);
    List<CompletableFuture<?>> reads = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      reads.add(read(large + i, READ));
    }
    assertThat(failures(reads)).hasSize(50 - 7).containsOnly(Kind.THROTTLED);
    relay.resume();
    reads.removeIf(CompletableFuture::isCompletedExceptionally);
    reads.forEach(Users::await);
    Users.await(read("x".repeat(3_000_000), READ));
  }

  /**
   * All requests end at one time, when the timeout of the first has passed; the timeouts do not add
   * up.
   */
  @Test
  void everyRequestEndsAtItsOwnDeadlineAndReleasesItsRoom() {
    connect("300 ms", "100", "32");
    List<CompletableFuture<?>> reads = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      reads.add(read("k" + i, CHECK));
    }
    HBaseShell.await("their end", () -> failures(reads).size() == 60);
    assertThat(failures(reads)).containsOnly(Kind.TIMEOUT);
    relay.resume();
    HBaseShell.await(
        "room again",
        () -> {
          CompletableFuture<?> next = read("next", CHECK);
          HBaseShell.await("an end", next::isDone);
          return !next.isCompletedExceptionally();
        });
  }

  /**
   * An answer that comes after its deadline is read and discarded, not taken for another request's
   * answer.
   */
  @Test
  void lateAnswersAreNotTakenForOthers() {
    connect("400 ms", "100", "32");
    try (Jedis plain = new Jedis(stack.redis().host(), stack.redis().port())) {
      for (int round = 0; round < 5; round++) {
        List<CompletableFuture<?>> late = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          plain.set(Utf8.encode(prefix + "k" + i), EpochTags.tagged(plain, Utf8.encode("old")));
          late.add(read("k" + i, CHECK));
        }
        HBaseShell.await("their end", () -> failures(late).size() == 20);
        relay.resume();
        byte[] own = EpochTags.tagged(plain, Utf8.encode("own" + round));
        plain.set(Utf8.encode(prefix + "own"), own);
        HBaseShell.await(
            "its answer",
            () -> {
              CompletableFuture<List<byte[]>> read = read("own", CHECK);
              HBaseShell.await("an end", read::isDone);
              if (read.isCompletedExceptionally()) {
                return false;
              }
              assertThat(read.join()).containsExactly(own);
              return true;
            });
        relay.freeze();
      }
    }
  }
}
