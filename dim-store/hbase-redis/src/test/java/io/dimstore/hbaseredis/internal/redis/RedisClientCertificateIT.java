// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.Failing;
import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.stack.LocalStackExtension;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that requires a client certificate which it trusts. */
class RedisClientCertificateIT {

  /** The server's alert may be lost: it ends the connection while the client still writes. */
  private static final Set<Kind> REFUSED = Set.of(Kind.DENIED, Kind.UNAVAILABLE);

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  @TempDir static Path folder;

  private static TlsIdentity server;
  private static TlsIdentity client;
  private static TlsIdentity rsa;
  private static TlsRelay relay;

  @BeforeAll
  static void start() throws Exception {
    server = TlsIdentity.of(folder, "EC", "dns:localhost");
    client = TlsIdentity.of(folder, "EC", "dns:client.test");
    rsa = TlsIdentity.of(folder, "RSA", "dns:rsa.test");
    relay = TlsRelay.to(stack.redis().port(), server);
    relay.shows(server, client);
  }

  @AfterAll
  static void stop() throws Exception {
    relay.close();
  }

  private enum Form {
    PKCS12,
    PEM,
    PEM_IN_TWO_FILES,
    PEM_ENCRYPTED;

    String of(TlsIdentity identity) throws Exception {
      return switch (this) {
        case PKCS12 -> identity.store().toString();
        case PEM -> identity.pem().toString();
        case PEM_IN_TWO_FILES -> identity.certificate() + ", " + identity.key();
        case PEM_ENCRYPTED -> identity.certificate() + "," + identity.encryptedKey();
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void certificateOfEitherFormatIsPresented(Form form) throws Exception {
    for (TlsIdentity identity : new TlsIdentity[] {client, rsa}) {
      relay.shows(server, identity);
      Map<String, String> options = options();
      options.put("redis.tls.keystore", form.of(identity));
      options.put("redis.tls.keystore-password", TlsIdentity.PASSWORD);
      try (Users users = Users.open(harness(options), Map.of())) {
        Users.await(users.store().ping());
      }
    }
    relay.shows(server, client);
    Users.awaitNoThreads();
    HBaseShell.await("no connection left", relay::isUnused);
  }

  @Test
  void withoutCertificateRowsComeFromHBaseAndRedisIsRetried() {
    int before = relay.overTls();
    try (Users users = Users.open(harness(options()), Map.of()).created()) {
      Failing.with(users.store().ping(), REFUSED, "'redis.tls.keystore'");
      users.write(Users.user("a", "NL", 1, 1));
      for (int i = 0; i < 2_000; i++) {
        assertThat(users.get("a")).isEqualTo(Users.user("a", "NL", 1, 1));
      }
      assertThat(users.count("breaker.open")).isPositive();
      assertThat(users.gauge("breaker.state")).isPositive();
      assertThat(relay.overTls() - before).as("attempts").isLessThan(40);
    }
    Users.awaitNoThreads();
    HBaseShell.await("no connection left", relay::isUnused);
  }

  @Test
  void certificateThatServerRejectsIsReported() {
    Map<String, String> options = options();
    options.put("redis.tls.keystore", rsa.store().toString());
    options.put("redis.tls.keystore-password", TlsIdentity.PASSWORD);
    for (int i = 0; i < 10; i++) {
      try (Users users = Users.open(harness(options), Map.of())) {
        Failing.with(users.store().ping(), REFUSED, "'redis.tls.keystore'");
      }
    }
  }

  private static HBaseRedisHarness harness(Map<String, String> options) {
    return new HBaseRedisHarness(stack.hbase(), options);
  }

  private static Map<String, String> options() {
    Map<String, String> options = new HashMap<>();
    options.put("redis.host", "localhost");
    options.put("redis.port", Integer.toString(relay.port()));
    options.put("redis.tls", "true");
    options.put("redis.tls.ca", server.certificate().toString());
    return options;
  }
}
