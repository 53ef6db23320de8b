// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dimstore.hbaseredis.fixture.Failing;
import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.process.ServerGroup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivilegedAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.security.access.Permission;
import org.apache.hadoop.hbase.security.access.Permission.Action;
import org.apache.hadoop.hbase.security.access.UserPermission;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An HBase with access control, for which the rights that the documentation names are sufficient,
 * and with a low limit of the size of requests.
 */
class HBaseRightsIT {

  private static final String ACCESS_CONTROLLER =
      "org.apache.hadoop.hbase.security.access.AccessController";

  private static final int MAX_REQUEST = 1_000_000;

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("redis");

  private static final UserGroupInformation DIM = UserGroupInformation.createRemoteUser("dim");

  private static ServerGroup group;
  private static HBaseRedisHarness servers;

  @BeforeAll
  static void start() throws Exception {
    group = ServerGroup.create();
    Path conf = Files.createDirectories(group.folder().resolve("conf"));
    Configuration site = new Configuration(false);
    site.set("hbase.security.authorization", "true");
    site.set("hbase.ipc.max.request.size", "" + MAX_REQUEST);
    for (String kind : List.of("master", "region", "regionserver")) {
      site.set("hbase.coprocessor." + kind + ".classes", ACCESS_CONTROLLER);
    }
    try (var out =
        Files.newBufferedWriter(conf.resolve("hbase-site.xml"), StandardCharsets.UTF_8)) {
      site.writeXml(out);
    }
    servers = new HBaseRedisHarness(OwnHBase.start(group, group.freePort(), conf), stack.redis());
  }

  @AfterAll
  static void stop() {
    group.close();
  }

  @Test
  void readAndWriteRightsSufficeForExistingTable() throws Exception {
    try (Users owner = Users.open(servers, Map.of()).created();
        HBaseShell shell = new HBaseShell(servers.hbase());
        Admin admin = shell.admin()) {
      owner.write(Users.user("a", "NL", 1, 1));
      try (Users limited = as(owner)) {
        Failing.with(limited.store().validate(limited.spec()), Kind.DENIED, "AccessDenied");
        Failing.with(
            limited.table().get(List.of(Key.of("a")), limited.spec().all()),
            Kind.DENIED,
            "AccessDenied");
      }
      for (String table : List.of(owner.spec().name(), "dimstore_intents")) {
        admin.grant(
            new UserPermission(
                "dim",
                Permission.newBuilder(TableName.valueOf(table))
                    .withActions(Action.READ, Action.WRITE)
                    .build()),
            false);
      }
      try (Users users = as(owner)) {
        Users.await(users.store().createIfAbsent(users.spec()));
        Users.await(users.store().validate(users.spec()));
        users.write(Users.user("a", "BE", 2, 2), Users.user("b", "NL", 1, 1));
        users.write(new Delete(Key.of("b"), 2));
        users.warm("a");
        assertThat(users.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
        assertThat(users.get("b")).isNull();
        var splits = Users.await(users.table().splits(2, ScanOptions.rows(users.spec().all())));
        assertThat(Users.await(users.table().scan(splits.get(0), 10)).changes()).hasSize(1);
        HBaseShell.await("no write intent left", () -> users.backlog().keys() == 0);
        assertThat(users.repair().examined()).isZero();
        assertThat(users.check(100, true)).allMatch(page -> page.differences().isEmpty());
      }
    }
  }

  private static StoreException failureOf(CompletionStage<Void> call) {
    return StoreException.find(catchThrowable(() -> call.toCompletableFuture().join()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void batchAboveTheLimitOfRequestsIsWrittenButForTheRowAboveIt(boolean checked) {
    try (Users users = Users.open(servers, Map.of("checked-writes", "" + checked)).created()) {
      List<Change> rows = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        rows.add(Users.user("u" + i, "x".repeat(MAX_REQUEST / 4), i, 1));
      }
      users.write(rows.toArray(Change[]::new));
      rows.add(3, Users.user("large", "x".repeat(MAX_REQUEST), 1, 1));
      AtomicReference<StoreException> last = new AtomicReference<>();
      HBaseShell.await(
          "the server's reason, which arrives unless the server cuts the connection before",
          () -> {
            last.set(failureOf(users.table().write(rows)));
            assertThat(last.get().kind()).isIn(Kind.INVALID, Kind.UNAVAILABLE, Kind.TIMEOUT);
            return last.get().kind() == Kind.INVALID;
          });
      StoreException refused = last.get();
      assertThat(refused.keys()).containsExactly(Key.of("large"));
      assertThat(refused).hasMessageContaining("hbase.ipc.max.request.size");
      rows.remove(3);
      for (Change row : rows) {
        assertThat(users.get((String) row.key().get(0))).isEqualTo(row);
      }
      assertThat(users.get("large")).isNull();
      HBaseShell.await("removal of the write intents", () -> users.backlog().keys() == 0);
    }
  }

  @Test
  void missingFamilyIsReportedToUserWhoMayNotDescribeTheTable() throws Exception {
    try (Users owner = Users.open(servers, Map.of()).created();
        HBaseShell shell = new HBaseShell(servers.hbase());
        Admin admin = shell.admin()) {
      String bare = "bare_" + Users.unique();
      shell.create(bare, "f");
      for (String table : List.of(bare, "dimstore_intents")) {
        admin.grant(
            new UserPermission(
                "dim",
                Permission.newBuilder(TableName.valueOf(table)).withActions(Action.READ).build()),
            false);
      }
      try (Users users = as(owner)) {
        Failing.with(
            users.store().validate(Users.spec(bare)),
            Kind.INVALID,
            "alter '" + bare + "', {NAME => 's'}");
      }
    }
  }

  /** Opens the owner's table as a user who has no rights of its own. */
  private static Users as(Users owner) {
    return DIM.doAs((PrivilegedAction<Users>) () -> Users.open(servers, Map.of(), owner.spec()));
  }
}
