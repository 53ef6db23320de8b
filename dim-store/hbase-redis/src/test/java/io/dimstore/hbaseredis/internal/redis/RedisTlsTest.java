// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreOption;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Invalid files and options of TLS are reported before any connection is opened. */
class RedisTlsTest {

  private static final String KEYSTORE = "redis.tls.keystore";
  private static final String PASSWORD = "redis.tls.keystore-password";

  @TempDir static Path folder;

  private static TlsIdentity identity;

  @BeforeAll
  static void make() throws Exception {
    identity = TlsIdentity.of(folder, "EC", "dns:client.test");
  }

  @Test
  void aWrongPasswordIsNamedAndNotShown() throws Exception {
    for (String file :
        new String[] {
          identity.store().toString(), identity.certificate() + "," + identity.encryptedKey()
        }) {
      String wrong = TlsIdentity.PASSWORD + "-no";
      StoreException failure = refused(Map.of(KEYSTORE, file, PASSWORD, wrong));
      assertThat(failure).hasMessageContainingAll("'" + KEYSTORE + "'", "'" + PASSWORD + "'", file);
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));
      assertThat(trace.toString()).doesNotContain(TlsIdentity.PASSWORD);
      failure = refused(Map.of(KEYSTORE, file));
      assertThat(failure).hasMessageContainingAll("'" + KEYSTORE + "'", "'" + PASSWORD + "'", file);
    }
  }

  @Test
  void validFilesAreReadAndPasswordIsNotShown() throws Exception {
    StoreConfig config =
        config(Map.of(KEYSTORE, identity.store().toString(), PASSWORD, TlsIdentity.PASSWORD));
    RedisTls tls = RedisTls.of(config);
    assertThat(tls).isNotNull();
    assertThat(tls + " " + config).doesNotContain(TlsIdentity.PASSWORD);
  }

  @Test
  void missingPartOfAKeyStoreIsReported() throws Exception {
    Path nothing = Files.writeString(folder.resolve("nothing"), "nothing");
    assertThat(refused(Map.of(KEYSTORE, "/no/such/file.p12")))
        .hasMessageContainingAll("'" + KEYSTORE + "'", "/no/such/file.p12", "not a readable file");
    assertThat(refused(Map.of(KEYSTORE, nothing.toString())))
        .hasMessageContainingAll("'" + KEYSTORE + "'", "neither PEM nor");
    assertThat(refused(Map.of(KEYSTORE, identity.certificate().toString())))
        .hasMessageContainingAll("'" + KEYSTORE + "'", "no private key");
    assertThat(refused(Map.of(KEYSTORE, identity.key().toString())))
        .hasMessageContainingAll("'" + KEYSTORE + "'", "no certificate");
    Path old = identity.write("old.pem", "EC PRIVATE KEY", new byte[] {1});
    assertThat(refused(Map.of(KEYSTORE, identity.certificate() + "," + old)))
        .hasMessageContainingAll("'" + KEYSTORE + "'", "PKCS #8", "openssl pkcs8");
    assertThat(refused(Map.of(KEYSTORE, identity.store() + "," + identity.key())))
        .hasMessageContainingAll("'" + KEYSTORE + "'", "PEM");
  }

  @Test
  void optionsThatNeedOthersNameThem() {
    Map<String, String> off = Map.of("redis.tls", "false");
    assertThat(refused(with(off, KEYSTORE, identity.store().toString())))
        .hasMessageContainingAll("'" + KEYSTORE + "'", "'redis.tls' = 'true'");
    assertThat(refused(with(off, PASSWORD, "x")))
        .hasMessageContainingAll("'" + PASSWORD + "'", "'redis.tls' = 'true'");
    assertThat(refused(Map.of(PASSWORD, "x")))
        .hasMessageContainingAll("'" + PASSWORD + "'", "'" + KEYSTORE + "'");
  }

  @Test
  void unboundedTimeoutIsRefused() {
    for (String timeout : new String[] {"0 s", "30 d"}) {
      StoreException failure =
          catchThrowableOfType(
              StoreException.class, () -> new RedisLogin(config(Map.of("redis.timeout", timeout))));
      assertThat(failure).isNotNull().hasMessageContaining("'redis.timeout'");
    }
  }

  private static Map<String, String> with(Map<String, String> some, String name, String value) {
    Map<String, String> all = new HashMap<>(some);
    all.put(name, value);
    return all;
  }

  private static StoreException refused(Map<String, String> options) {
    StoreException failure =
        catchThrowableOfType(StoreException.class, () -> RedisTls.of(config(options)));
    assertThat(failure).as("%s", options).isNotNull();
    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
    return failure;
  }

  private static StoreConfig config(Map<String, String> options) {
    Map<String, String> all = new HashMap<>(Map.of("redis.tls", "true"));
    all.putAll(options);
    return StoreConfig.parse(
        "store 'hbase-redis'", HBaseRedisOptions.all(), StoreOption.Scope.STORE, all);
  }
}
