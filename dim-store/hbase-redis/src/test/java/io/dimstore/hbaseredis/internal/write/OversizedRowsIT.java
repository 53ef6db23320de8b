// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.stack.LocalStackExtension;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.TableDescriptorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows with a cell above the limit of HBase's client, or of its region servers. */
class OversizedRowsIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  private static final int LIMIT = 10_000;
  private static final String TOO_LARGE = "option 'hbase.client.keyvalue.maxsize' allows ";

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void onlyRowsThatTheServerFindsTooLargeAreRefusedAndNamed(boolean checked) throws IOException {
    HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    String reason = "exceeds limit of 10000 bytes";
    try (Users users = Users.open(servers, Map.of("checked-writes", "" + checked)).created();
        Users hbaseOnly = Users.open(servers, Map.of("redis.port", "1"), users.spec())) {
      limitOnServer(users.spec().name());
      Put former = Users.user("big", "BE", 1, 1);
      users.write(former, Users.user("a", "BE", 1, 1));
      users.warm("a");
      users.warm("big");
      Put a = Users.user("a", "NL", 2, 2);
      Put b = Users.user("b", "NL", 2, 2);
      Put c = Users.user("c", "NL", 2, 2);
      String big = "x".repeat(2 * LIMIT);

      assertRefused(
          users,
          List.of(a, Users.user("big", big, 2, 2), b, c, Users.user("bigger", big + big, 2, 2)),
          reason,
          Key.of("big"),
          Key.of("bigger"));
      assertRefused(users, List.of(Users.user("big", big, 3, 3)), reason, Key.of("big"));

      for (Users reader : List.of(users, hbaseOnly)) {
        assertThat(reader.get("a")).isEqualTo(a);
        assertThat(reader.get("b")).isEqualTo(b);
        assertThat(reader.get("c")).isEqualTo(c);
        assertThat(reader.get("big")).isEqualTo(former);
        assertThat(reader.get("bigger")).isNull();
      }
      HBaseShell.await("removal of the write intents", () -> users.backlog().keys() == 0);
      assertThat(users.repair().examined()).isZero();
      assertThat(users.check(100, false))
          .allSatisfy(page -> assertThat(page.differences()).isEmpty());
    }
  }

  @Test
  void onlyUpdatesThatTheServerFindsTooLargeAreRefusedAndTheOthersAreAppliedOnce()
      throws IOException {
    HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    try (Users users = Users.open(servers, Map.of()).created();
        Users hbaseOnly = Users.open(servers, Map.of("redis.port", "1"), users.spec())) {
      limitOnServer(users.spec().name());
      Put big = Users.user("big", "BE", 1, 1);
      users.write(big, Users.user("a", "BE", 1, 1), Users.user("removed", "BE", 1, 1));
      List<Key> keys = List.of(Key.of("a"), big.key(), Key.of("removed"));
      users.warm("a");
      users.warm("removed");
      Map<Key, Integer> calls = new ConcurrentHashMap<>();

      assertRefused(
          () ->
              users
                  .updates()
                  .update(
                      keys,
                      (key, stored) -> {
                        calls.merge(key, 1, Integer::sum);
                        return key.get(0).equals("removed")
                            ? new Delete(key, 2)
                            : new Put(
                                key,
                                Row.of(key.equals(big.key()) ? "x".repeat(2 * LIMIT) : "NL", 2),
                                2);
                      }),
          "exceeds limit of 10000 bytes",
          big.key());

      assertThat(calls).hasSize(3).allSatisfy((key, count) -> assertThat(count).isEqualTo(1));
      for (Users reader : List.of(users, hbaseOnly)) {
        assertThat(reader.get("a")).isEqualTo(Users.user("a", "NL", 2, 2));
        assertThat(reader.get("big")).isEqualTo(big);
        assertThat(reader.get("removed")).isNull();
      }
      HBaseShell.await("removal of the write intents", () -> users.backlog().keys() == 0);
    }
  }

  @Test
  void nothingOfABatchIsWrittenIfTheClientFindsRowsTooLarge() {
    HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    Map<String, String> options = Map.of("hbase.client.keyvalue.maxsize", "" + LIMIT);
    try (Users users = Users.open(servers, options).created()) {
      String big = "x".repeat(2 * LIMIT);
      assertRefused(
          users,
          List.of(
              Users.user("a", "NL", 2, 2),
              Users.user("big", big, 2, 2),
              Users.user("bigger", big + big, 2, 2)),
          TOO_LARGE,
          Key.of("big"),
          Key.of("bigger"));
      for (String id : List.of("a", "big", "bigger")) {
        assertThat(users.get(id)).isNull();
      }
      assertThat(users.backlog().keys()).as("keys of write intents").isZero();
    }
  }

  /** The keys of a batch are one cell of its write intent. */
  @Test
  void batchWhoseKeysAreTooLargeForOneIntentIsWrittenWithSeveral() {
    HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    Map<String, String> options = Map.of("hbase.client.keyvalue.maxsize", "" + LIMIT);
    try (Users users = Users.open(servers, options).created();
        Users hbaseOnly = Users.open(servers, Map.of("redis.port", "1"), users.spec())) {
      List<Change> rows = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        rows.add(Users.user("k".repeat(LIMIT / 20) + i, "NL", i, 1));
      }
      users.write(rows.toArray(Change[]::new));
      rows.forEach(row -> users.warm((String) row.key().get(0)));

      List<Change> later = new ArrayList<>();
      rows.forEach(row -> later.add(Users.user((String) row.key().get(0), "BE", 1, 2)));
      String tooLarge = "x".repeat(LIMIT);
      later.add(7, Users.user(tooLarge, "BE", 1, 2));
      assertRefused(users, later, TOO_LARGE, Key.of(tooLarge));
      later.remove(7);
      users.write(later.toArray(Change[]::new));

      for (Change row : later) {
        String id = (String) row.key().get(0);
        assertThat(users.get(id)).isEqualTo(row);
        assertThat(hbaseOnly.get(id)).isEqualTo(row);
      }
      HBaseShell.await("removal of the write intents", () -> users.backlog().keys() == 0);
    }
  }

  private static void assertRefused(
      Users users, List<Change> changes, String reason, Key... refused) {
    assertRefused(() -> users.table().write(changes), reason, refused);
  }

  private static void assertRefused(
      Supplier<CompletionStage<Void>> call, String reason, Key... refused) {
    assertThatThrownBy(() -> call.get().toCompletableFuture().join())
        .satisfies(
            failure -> {
              StoreException known = StoreException.find(failure);
              assertThat(known).as("%s", failure).isNotNull();
              assertThat(known.kind()).isEqualTo(Kind.INVALID);
              assertThat(known).hasMessageContaining(reason);
              assertThat(known.keys()).containsExactly(refused);
            });
  }

  private static void limitOnServer(String table) throws IOException {
    try (HBaseShell shell = new HBaseShell(stack.hbase());
        Admin admin = shell.admin()) {
      admin.modifyTable(
          TableDescriptorBuilder.newBuilder(admin.getDescriptor(TableName.valueOf(table)))
              .setValue("hbase.server.keyvalue.maxsize", "" + LIMIT)
              .build());
    }
  }
}
