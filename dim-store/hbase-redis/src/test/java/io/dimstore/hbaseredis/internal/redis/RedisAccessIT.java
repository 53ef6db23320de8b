// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.hbaseredis.fixture.EpochTags;
import io.dimstore.hbaseredis.fixture.Failing;
import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.RedisGroup;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.hbaseredis.internal.options.EntryFormat;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;

/** Access to Redis: users, rights, passwords and TLS. */
public class RedisAccessIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  @TempDir static Path folder;

  private static TlsIdentity localhost;
  private static TlsIdentity otherHost;
  private static TlsRelay relay;
  private static TlsRelay elsewhere;

  @BeforeAll
  static void start() throws Exception {
    localhost = TlsIdentity.of(folder, "EC", "dns:localhost");
    otherHost = TlsIdentity.of(folder, "EC", "dns:elsewhere.test");
    relay = TlsRelay.to(stack.redis().port(), localhost);
    elsewhere = TlsRelay.to(stack.redis().port(), otherHost);
  }

  @AfterAll
  static void stop() throws Exception {
    relay.close();
    elsewhere.close();
  }

  /** A user with exactly the rights that the documentation names. */
  @ParameterizedTest
  @EnumSource
  void theRightsInTheManualAreEnough(EntryFormat format) throws Exception {
    assertThat(usedWith(format)).isNotEmpty();
  }

  /** Together, the formats use each of the rights. */
  @Test
  void eachOfTheRightsInTheManualIsUsed() throws Exception {
    Set<String> granted = new TreeSet<>();
    for (String word : rights("single", "s3cret")) {
      if (word.startsWith("+")) {
        // Redis 6.2 counts a command as a whole.
        granted.add(word.substring(1).replaceAll("[|].*", ""));
      }
    }
    Set<String> used = new TreeSet<>();
    for (EntryFormat format : EntryFormat.values()) {
      used.addAll(usedWith(format));
    }
    used.retainAll(granted);
    assertThat(used).isEqualTo(granted);
  }

  /** Does all that needs Redis as the user of the manual, and returns the commands that it took. */
  private static Set<String> usedWith(EntryFormat format) throws Exception {
    TableSpec spec = Users.spec("users_" + Users.unique());
    Map<String, String> options = Map.of("redis.format", format.name());
    spec = new TableSpec(spec.name(), spec.columns(), spec.keyColumns(), options);
    allow(stack.redis().port(), "single");
    Map<String, String> login = Map.of("redis.user", "dimstore", "redis.password", "s3cret");
    try (Users users = Users.open(servers(plain()), login, spec).created();
        Jedis admin = RedisGroup.open(stack.redis().port())) {
      Map<String, Long> before = calls(admin);
      Users.await(users.store().ping());
      users.write(Users.user("a", "NL", 1, 1));
      users.warm("a");
      users.write(Users.user("a", "BE", 2, 2));
      assertThat(users.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
      byte[] entry =
          new EntryCodec(new Layout(users.spec()))
              .encode(Users.user("b", "NL", 1, 1).row(), 1, Long.MAX_VALUE);
      byte[] name = Utf8.encode("dim:" + users.spec().name() + ":b");
      Map<String, Long> beforePut = calls(admin);
      EpochTags.put(admin, new Layout(users.spec()), name, entry);
      Map<String, Long> afterPut = calls(admin);
      users.repair();
      assertThat(users.check(100, true))
          .flatMap(page -> page.differences())
          .singleElement()
          .satisfies(one -> assertThat(one.healed()).isTrue());
      assertThat(users.count("redis.pending")).isZero();
      assertThat(users.count("breaker.open")).isZero();
      Set<String> used = new TreeSet<>();
      calls(admin)
          .forEach(
              (command, calls) -> {
                long ofPut =
                    afterPut.getOrDefault(command, 0L) - beforePut.getOrDefault(command, 0L);
                if (calls - ofPut > before.getOrDefault(command, 0L)) {
                  used.add(command);
                }
              });
      return used;
    }
  }

  /** Returns how often Redis has executed each command, also in scripts. */
  private static Map<String, Long> calls(Jedis admin) {
    Map<String, Long> calls = new HashMap<>();
    Matcher line =
        Pattern.compile("cmdstat_([^:]+):calls=([0-9]+)").matcher(admin.info("commandstats"));
    while (line.find()) {
      calls.put(line.group(1), Long.parseLong(line.group(2)));
    }
    return calls;
  }

  @Test
  void wrongPasswordIsReported() {
    allow(stack.redis().port(), "single");
    Map<String, String> login = Map.of("redis.user", "dimstore", "redis.password", "wrong");
    try (Users users = Users.open(servers(plain()), login)) {
      Failing.with(users.store().ping(), Kind.DENIED, "'redis.user'", "'redis.password'");
    }
  }

  @Test
  void tlsWithTrustedAuthorityWorksLikePlainConnection() {
    try (Users users =
        Users.open(servers(tls(relay, localhost.certificate())), Map.of()).created()) {
      users.write(Users.user("a", "NL", 1, 1));
      users.warm("a");
      users.write(Users.user("a", "BE", 2, 2));
      assertThat(users.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
      assertThat(users.count("breaker.open")).isZero();
    }
    Users.awaitNoThreads();
    HBaseShell.await("no connection left", relay::isUnused);
  }

  /**
   * Closing waits neither for an answer on a plain connection nor for one during the TLS handshake.
   */
  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void closingDoesNotWaitForAServerThatIsSilent(String tls) throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Map<String, String> options =
          Map.of(
              "redis.host",
              "localhost",
              "redis.port",
              Integer.toString(silent.getLocalPort()),
              "redis.tls",
              tls,
              "redis.timeout",
              "10 min");
      try (Users users = Users.open(servers(options), Map.of())) {
        var unused = users.store().ping();
        silent.accept();
      }
      Users.awaitNoThreads();
    }
  }

  @Test
  void aServerOfAnotherAuthorityIsNotTrusted() {
    try (Users users = Users.open(servers(tls(relay, otherHost.certificate())), Map.of())) {
      Failing.with(users.store().ping(), Kind.DENIED, "'redis.tls.ca'");
    }
  }

  @Test
  void aCertificateForAnotherHostIsRefusedUnlessHostsAreNotVerified() {
    Map<String, String> options = tls(elsewhere, otherHost.certificate());
    try (Users users = Users.open(servers(options), Map.of())) {
      Failing.with(users.store().ping(), Kind.DENIED, "'redis.tls.verify-host'");
    }
    try (Users users = Users.open(servers(options), Map.of("redis.tls.verify-host", "false"))) {
      Users.await(users.store().ping());
    }
  }

  @Test
  void tlsOnOnlyOneSideIsReported() {
    Map<String, String> plainToTls =
        Map.of("redis.host", "localhost", "redis.port", Integer.toString(relay.port()));
    try (Users users = Users.open(servers(plainToTls), Map.of())) {
      Failing.with(users.store().ping(), Kind.INVALID, "'redis.tls'");
    }
    try (Users users = Users.open(servers(plain()), Map.of("redis.tls", "true"))) {
      Failing.with(users.store().ping(), Kind.TIMEOUT, "'redis.tls'");
    }
  }

  /** As TLS servers do that send no alert. */
  @Test
  void serverThatEndsPlainConnectionIsReportedAsPossiblyTls() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread ending =
          new Thread(
              () -> {
                try {
                  while (true) {
                    server.accept().close();
                  }
                } catch (IOException e) {
                  // The socket has been closed.
                }
              });
      ending.start();
      Map<String, String> options =
          Map.of("redis.host", "localhost", "redis.port", Integer.toString(server.getLocalPort()));
      try (Users users = Users.open(servers(options), Map.of())) {
        Failing.with(users.store().ping(), Kind.UNAVAILABLE, "'redis.tls'");
      }
    }
  }

  @Test
  void filesThatCannotBeUsedAreNamed() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    for (String file : new String[] {"/no/such/file.pem", empty.toString()}) {
      Map<String, String> options = new HashMap<>(tls(relay, Path.of(file)));
      assertThatThrownBy(() -> Users.open(servers(options), Map.of()))
          .hasMessageContainingAll("'redis.tls.ca'", file);
    }
    assertThatThrownBy(() -> Users.open(servers(plain()), Map.of("redis.tls.ca", empty.toString())))
        .hasMessageContainingAll("'redis.tls.ca'", "'redis.tls' = 'true'");
  }

  /** Creates the user as documented. */
  public static void allow(int port, String which) {
    allow(port, which, "s3cret");
  }

  public static void allow(int port, String which, String password) {
    try (Jedis admin = RedisGroup.open(port)) {
      admin.sendCommand(Protocol.Command.ACL, rights(which, password));
    }
  }

  private static String[] rights(String which, String password) {
    try (var lines = Files.lines(Path.of("../../docs/connections.md"))) {
      String line =
          lines
              .dropWhile(one -> !one.equals("<!-- rights: " + which + " -->"))
              .filter(one -> one.startsWith("ACL SETUSER "))
              .findFirst()
              .orElseThrow();
      String[] words = line.substring("ACL ".length()).split(" ");
      return Arrays.stream(words)
          .map(word -> word.equals(">PASSWORD") ? ">" + password : word)
          .toArray(String[]::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static HBaseRedisHarness servers(Map<String, String> redis) {
    return new HBaseRedisHarness(stack.hbase(), redis);
  }

  private static Map<String, String> plain() {
    return Map.of(
        "redis.host", stack.redis().host(), "redis.port", Integer.toString(stack.redis().port()));
  }

  private static Map<String, String> tls(TlsRelay server, Path authority) {
    return Map.of(
        "redis.host",
        "localhost",
        "redis.port",
        Integer.toString(server.port()),
        "redis.tls",
        "true",
        "redis.tls.ca",
        authority.toString());
  }
}
