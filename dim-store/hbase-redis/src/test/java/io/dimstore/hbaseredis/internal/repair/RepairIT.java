// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.Failing;
import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.relay.Hold;
import io.dimstore.stack.relay.Relay;
import io.dimstore.stack.relay.RelayGate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;

/**
 * A writer ends when HBase has its batch and Redis does not. Its write intent is sufficient to
 * reconcile the two, with every encoding of row keys and every entry format.
 */
class RepairIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  /** How a table is stored in HBase and Redis. */
  private enum Shape {
    SALTED_HASH("salted", 16, "hash", "features:{table}:{key}", "hash"),
    HASHED_JSON("md5-prefix", 4, "json", "features:{table}:{key}", "string"),
    HEX_HASHED_HASH("md5-hex-prefix", 4, "hash", "{table}:x/{key}", "hash"),
    REVERSED_JSON("reversed", null, "json", "{table}:{key}", "string"),
    SALTED_PACKED("salted", 7, "packed", "{table}:{key}", "string");

    private final Map<String, String> options = new HashMap<>();
    private final String type;

    Shape(String codec, Integer size, String format, String name, String type) {
      options.put("key-codec", codec);
      if (size != null) {
        options.put("key-codec.size", size.toString());
      }
      options.put("redis.format", format);
      // Each template begins with a text of its own.
      options.put("redis.key", "r:" + name);
      this.type = type;
    }
  }

  private static final Map<Shape, Users> readers = new LinkedHashMap<>();
  private static HBaseRedisHarness servers;

  /**
   * Lets all writers end at once, because their intents can be reconciled only after the grace
   * time.
   */
  @BeforeAll
  static void writersDie() throws Exception {
    servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    for (Shape shape : Shape.values()) {
      TableSpec users = Users.spec("users_" + Users.unique());
      TableSpec spec =
          new TableSpec(users.name(), users.columns(), users.keyColumns(), shape.options);
      Users reader = Users.open(servers, Map.of("repair-interval", "1 h"), spec).created();
      readers.put(shape, reader);
      reader.write(Users.user("put", "NL", 1, 1), Users.user("deleted", "NL", 1, 1));
      for (String id : List.of("put", "deleted", "new")) {
        reader.warm(id);
      }
      dieBetween(
          spec,
          Users.user("put", "BE", null, 2),
          new Delete(Key.of("deleted"), 2),
          Users.user("new", "DE", 3, 2));
    }
  }

  /** Lets a writer end whose requests never reach Redis. */
  private static void dieBetween(TableSpec spec, Change... changes) throws Exception {
    try (RelayGate gate = RelayGate.holding(spec.name());
        Relay relay = Relay.to(stack.redis().port(), gate, Hold.NONE)) {
      CompletionStage<Void> write;
      try (Users writer =
          Users.open(
              servers,
              Map.of(
                  "redis.port", Integer.toString(relay.port()),
                  "redis.timeout", "60 s",
                  "deadline", "4 s"),
              spec)) {
        // The first call of a client takes longer than later ones.
        Users.await(writer.store().validate(spec));
        write = writer.table().write(List.of(changes));
        gate.awaitHeld();
      }
      Failing.with(write, Kind.CLOSED, "closed");
    }
  }

  @AfterAll
  static void close() {
    readers.values().forEach(Users::close);
  }

  @ParameterizedTest
  @EnumSource
  void pendingWritesOfDeadWriterAreReconciledFromItsIntent(Shape shape) {
    Users reader = readers.get(shape);
    assertThat(reader.get("put")).as("bounded by max-age").isEqualTo(Users.user("put", "NL", 1, 1));
    assertThat(reader.backlog().keys()).isEqualTo(3);
    HBaseShell.await(
        "its write intent is reconciled",
        () -> {
          reader.repair();
          return reader.backlog().keys() == 0;
        });
    assertThat(reader.count("repair.healed")).isEqualTo(3);
    assertThat(types(reader)).as("entries under the table's names").containsOnly(shape.type);
    long asked = reader.count("redis.miss");
    assertThat(reader.get("put")).isEqualTo(Users.user("put", "BE", null, 2));
    assertThat(reader.get("deleted")).isNull();
    assertThat(reader.count("redis.miss")).as("both from Redis").isEqualTo(asked);
    assertThat(reader.get("new")).isEqualTo(Users.user("new", "DE", 3, 2));
    try (Users hbaseOnly = Users.open(servers, Map.of("redis.port", "1"), reader.spec())) {
      for (String id : List.of("put", "deleted", "new")) {
        assertThat(hbaseOnly.get(id)).as("HBase").isEqualTo(reader.get(id));
      }
    }
    int inStep = 0;
    for (var page : reader.check(100, false)) {
      assertThat(page.differences()).isEmpty();
      inStep += page.inStep();
    }
    assertThat(inStep).as("rows that were compared").isEqualTo(3);
  }

  /** Returns the types of the table's keys in Redis. */
  private static List<String> types(Users users) {
    try (Jedis plain = new Jedis(stack.redis().host(), stack.redis().port())) {
      List<String> types = new ArrayList<>();
      for (byte[] name : plain.keys(Utf8.encode("r:*" + users.spec().name() + "*"))) {
        types.add(plain.type(name));
      }
      return types;
    }
  }
}
