// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.hbaseredis.fixture.EpochTags;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.breaker.RequestPurpose;
import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.hbaseredis.internal.script.ScriptCall;
import io.dimstore.hbaseredis.internal.script.Scripts;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.relay.Hold;
import io.dimstore.stack.relay.Relay;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ScanParams;

/** Many requests on one connection, which pipelines several of them. */
class RedisPipelineIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("redis");

  private static final int REQUESTS = 40;

  private final String prefix = "pipeline_" + Users.unique() + ":";
  private final AtomicInteger mostReads = new AtomicInteger();
  private Relay relay;
  private RedisServers servers;
  private Jedis plain;

  @BeforeEach
  void open() {
    relay = Relay.to(stack.redis().port(), this::look, Hold.NONE);
    servers = OneConnection.through(relay, Map.of());
    plain = new Jedis(stack.redis().host(), stack.redis().port());
    for (int i = 0; i < REQUESTS; i++) {
      plain.set(name(i), EpochTags.tagged(plain, value(i)));
    }
  }

  @AfterEach
  void close() {
    servers.close();
    plain.close();
    relay.close();
  }

  /** Called with each piece of bytes that is sent to the server, before it is answered. */
  private long look(byte[] piece, int length) {
    String text = new String(piece, 0, length, StandardCharsets.ISO_8859_1);
    mostReads.accumulateAndGet(text.split("MGET", -1).length - 1, Math::max);
    return 0;
  }

  @Test
  void waitingRequestsArePipelined() {
    Blocked blocked = block();
    List<CompletableFuture<List<byte[]>>> reads = reads();
    blocked.goOn();
    assertRead(reads);
    assertThat(mostReads.get()).as("reads in flight at one time").isGreaterThan(1);
  }

  @Test
  void eachRequestGetsItsOwnAnswer() {
    Blocked blocked = block();
    List<CompletableFuture<List<byte[]>>> reads = reads();
    List<CompletableFuture<Object>> removals = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      // Every other value differs from the existing one.
      removals.add(
          servers.run(Operation.WRITE, removal(i, value(i - i % 2)), RequestPurpose.probe()));
    }
    List<CompletableFuture<List<byte[]>>> later = reads();
    blocked.goOn();
    for (int i = 0; i < REQUESTS; i++) {
      boolean isRemoved = i % 2 == 0;
      assertThat(Users.await(reads.get(i))).containsExactly(EpochTags.tagged(plain, value(i)));
      assertThat(Users.await(removals.get(i))).isEqualTo(List.of(isRemoved ? 1L : 0L));
      assertThat(Users.await(later.get(i)).get(0) == null).isEqualTo(isRemoved);
    }
  }

  @Test
  void aRequestThatFailsFailsAlone() {
    Blocked blocked = block();
    List<CompletableFuture<List<byte[]>>> before = reads();
    CompletableFuture<RedisServers.Found> wrong =
        servers.scan("no-cursor", new ScanParams(), 10, RequestPurpose.probe());
    CompletableFuture<List<byte[]>> useless =
        servers.values(List.of(name(0)), RequestPurpose.when(() -> false));
    List<CompletableFuture<List<byte[]>>> after = reads();
    blocked.goOn();
    assertRead(before);
    assertRead(after);
    assertThatThrownBy(wrong::join).hasMessageContaining("invalid cursor");
    assertThatThrownBy(useless::join)
        .satisfies(e -> assertThat(StoreException.find(e).kind()).isEqualTo(Kind.UNAVAILABLE));
  }

  @Test
  void scriptsThatServerNoLongerHasAreSentAgain() {
    Users.await(servers.run(Operation.WRITE, removal(0, value(1)), RequestPurpose.probe()));
    Blocked blocked = block();
    List<CompletableFuture<Object>> removals = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      removals.add(servers.run(Operation.WRITE, removal(i, value(i)), RequestPurpose.probe()));
    }
    plain.scriptFlush();
    blocked.goOn();
    for (CompletableFuture<Object> removal : removals) {
      assertThat(Users.await(removal)).isEqualTo(List.of(1L));
    }
  }

  @Test
  void requestsWithoutAnswerAreSentAgainAfterConnectionLoss() {
    for (int round = 0; round < 20; round++) {
      Blocked blocked = block();
      List<CompletableFuture<List<byte[]>>> reads = reads();
      // Other requests of the pipeline wait for their answers at this time.
      reads.get(round % 4).thenRun(relay::cut);
      blocked.goOn();
      assertRead(reads);
    }
  }

  @Test
  void closeFailsAllRequestsOfAPipeline() {
    Blocked blocked = block();
    List<CompletableFuture<List<byte[]>>> reads = reads();
    CompletableFuture<Void> closing = CompletableFuture.runAsync(servers::close);
    HBaseShell.await("no request left", () -> reads.stream().allMatch(CompletableFuture::isDone));
    blocked.goOn();
    closing.join();
    for (CompletableFuture<List<byte[]>> read : reads) {
      assertThatThrownBy(read::join)
          .satisfies(e -> assertThat(StoreException.find(e).kind()).isEqualTo(Kind.CLOSED));
    }
  }

  private List<CompletableFuture<List<byte[]>>> reads() {
    List<CompletableFuture<List<byte[]>>> reads = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      reads.add(servers.values(List.of(name(i)), RequestPurpose.probe()));
    }
    return reads;
  }

  private void assertRead(List<CompletableFuture<List<byte[]>>> reads) {
    for (int i = 0; i < REQUESTS; i++) {
      assertThat(Users.await(reads.get(i))).containsExactly(EpochTags.tagged(plain, value(i)));
    }
  }

  private ScriptCall<Object> removal(int key, byte[] seen) {
    return new ScriptCall<>(
        Scripts.REMOVE,
        List.of(),
        List.of(name(key)),
        List.of(),
        List.of(seen),
        true,
        answers -> answers.get(0).value());
  }

  private byte[] name(int key) {
    return Utf8.encode(prefix + key);
  }

  private static byte[] value(int key) {
    return EntryCodec.tombstone(key);
  }

  /** Blocks the connection's thread, so that the next requests must wait. */
  private Blocked block() {
    Thread caller = Thread.currentThread();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    var unused =
        servers.values(
            List.of(name(0)),
            RequestPurpose.when(
                () -> {
                  // The condition is evaluated on admission too, in the caller's thread.
                  if (Thread.currentThread() == caller) {
                    return true;
                  }
                  begun.countDown();
                  return awaitQuietly(end);
                }));
    assertThat(awaitQuietly(begun)).isTrue();
    return end::countDown;
  }

  private static boolean awaitQuietly(CountDownLatch latch) {
    try {
      return latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @FunctionalInterface
  private interface Blocked {
    void goOn();
  }
}
