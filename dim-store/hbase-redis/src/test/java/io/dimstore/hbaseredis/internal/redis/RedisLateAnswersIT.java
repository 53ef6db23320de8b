// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.hbaseredis.fixture.EpochTags;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.breaker.RequestPurpose;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.relay.Relay;
import io.dimstore.stack.relay.RelayGate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** Requests whose answers do not come, on one connection. */
class RedisLateAnswersIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("redis");

  private final String prefix = "late_" + Users.unique() + ":";
  private final AtomicInteger sent = new AtomicInteger();
  private RelayGate answer;
  private Relay relay;
  private RedisServers servers;
  private Jedis plain;

  /** Holds the answer that contains the value of key "held", and all later answers. */
  @BeforeEach
  void open() {
    plain = new Jedis(stack.redis().host(), stack.redis().port());
    for (String id : List.of("held", "other")) {
      plain.set(name(id), value(id));
    }
    answer = RelayGate.holding(new String(value("held"), StandardCharsets.ISO_8859_1));
    relay = Relay.to(stack.redis().port(), this::count, answer);
  }

  @AfterEach
  void close() {
    servers.close();
    answer.close();
    relay.close();
    plain.close();
  }

  private void connect(String timeout) {
    servers = OneConnection.through(relay, Map.of("redis.timeout", timeout));
  }

  private long count(byte[] piece, int length) {
    String text = new String(piece, 0, length, StandardCharsets.ISO_8859_1);
    sent.addAndGet(text.split(prefix + "held", -1).length - 1);
    return 0;
  }

  /** The request is not repeated either: the answer would take as long again. */
  @Test
  void lateAnswerIsNotTakenForAnother() throws Exception {
    connect("2 s");
    CompletableFuture<List<byte[]>> first = read("held");
    answer.awaitHeld();
    assertFails(first, Kind.TIMEOUT);
    answer.open();
    assertThat(Users.await(read("other"))).containsExactly(value("other"));
    assertThat(sent).hasValue(1);
  }

  @Test
  void closeFailsRequestsInFlightAtOnce() throws Exception {
    connect("1 h");
    List<CompletableFuture<List<byte[]>>> reads = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      reads.add(read("held"));
    }
    answer.awaitHeld();
    servers.close();
    for (CompletableFuture<List<byte[]>> read : reads) {
      assertFails(read, Kind.CLOSED);
    }
  }

  private static void assertFails(CompletableFuture<?> read, Kind kind) {
    HBaseShell.await("an end", read::isDone);
    assertThatThrownBy(read::join)
        .satisfies(e -> assertThat(StoreException.find(e).kind()).isEqualTo(kind));
  }

  private CompletableFuture<List<byte[]>> read(String id) {
    return servers.values(List.of(name(id)), RequestPurpose.probe());
  }

  private byte[] name(String id) {
    return Utf8.encode(prefix + id);
  }

  private byte[] value(String id) {
    return EpochTags.tagged(plain, Utf8.encode("the value of " + id));
  }
}
