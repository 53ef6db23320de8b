// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.dynamodb.faults.CountingForwardProxy;
import io.dimstore.dynamodb.faults.FakeSts;
import io.dimstore.dynamodb.faults.FaultFixture;
import io.dimstore.dynamodb.faults.LastingFault;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.dynamodb.model.ServiceModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests which credentials sign the requests, and which endpoints and proxies get them. */
class AccessIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  private static final String ROLE = "arn:aws:iam::123456789012:role/reader";

  @TempDir Path folder;
  private final List<String> signedBy = new CopyOnWriteArrayList<>();
  private final List<String> tokens = new CopyOnWriteArrayList<>();
  private ServiceModel service;
  private FakeSts sts;

  @BeforeEach
  void start() throws IOException {
    service = ServiceModel.before(stack.dynamoDb().address());
    service.otherwise(
        target ->
            exchange -> {
              String credential =
                  exchange.header("authorization").replaceFirst(".*Credential=", "");
              signedBy.add(
                  credential.replaceFirst("/[0-9]{8}/", "@").replaceFirst("/dynamodb.*", ""));
              tokens.add(exchange.header("x-amz-security-token"));
              exchange.answer(exchange.ask());
            });
    sts = new FakeSts();
  }

  @AfterEach
  void stop() throws IOException {
    service.close();
    sts.close();
  }

  private DimensionStore open(String... options) {
    Map<String, String> all = new HashMap<>();
    all.put("endpoint", service.address());
    all.put("region", "eu-west-1");
    all.put("deadline", "40 s");
    all.put("attempt-timeout", "20 s");
    for (int i = 0; i < options.length; i += 2) {
      all.put(options[i], options[i + 1]);
    }
    return DimensionStores.open("dynamodb", all, StoreMetrics.NONE, InstantSource.system());
  }

  private DimensionStore assuming(String... more) {
    String[] all = new String[more.length + 8];
    System.arraycopy(
        new String[] {
          "access-key",
          "AKIASELF",
          "secret-key",
          "selfsecret",
          "role-arn",
          ROLE,
          "sts-endpoint",
          sts.address()
        },
        0,
        all,
        0,
        8);
    System.arraycopy(more, 0, all, 8, more.length);
    return open(all);
  }

  private static void ping(DimensionStore store) {
    FaultFixture.await(store.ping());
  }

  @Test
  void givenKeysSignInTheGivenRegion() {
    try (DimensionStore store = open("access-key", "AKIASELF", "secret-key", "selfsecret")) {
      ping(store);
    }
    assertThat(signedBy).containsExactly("AKIASELF@eu-west-1");
    assertThat(tokens).containsExactly("");
  }

  @Test
  void sessionTokenIsSentWithItsKeys() {
    try (DimensionStore store =
        open("access-key", "ASIASELF", "secret-key", "s", "session-token", "sessiontoken")) {
      ping(store);
    }
    assertThat(signedBy).containsExactly("ASIASELF@eu-west-1");
    assertThat(tokens).containsExactly("sessiontoken");
  }

  @Test
  void aProfileOfANamedFileSigns() throws IOException {
    Path file = folder.resolve("profiles");
    Files.writeString(
        file,
        """
        [default]
        aws_access_key_id = AKIADEFAULT
        aws_secret_access_key = x

        [writer]
        aws_access_key_id = AKIAWRITER
        aws_secret_access_key = y
        """);
    try (DimensionStore store = open("profile-file", file.toString(), "profile", "writer")) {
      ping(store);
    }
    try (DimensionStore store = open("profile-file", file.toString())) {
      ping(store);
    }
    assertThat(signedBy).containsExactly("AKIAWRITER@eu-west-1", "AKIADEFAULT@eu-west-1");
  }

  @Test
  void anAssumedRoleSignsWithTemporaryCredentials() {
    try (DimensionStore store =
        assuming("role-external-id", "partner-7", "role-session-name", "job-1")) {
      ping(store);
      ping(store);
    }
    assertThat(signedBy).containsExactly("ASIALENT1@eu-west-1", "ASIALENT1@eu-west-1");
    assertThat(tokens).containsOnly("lenttoken1");
    assertThat(sts.asked).as("once for all requests").hasSize(1);
    assertThat(sts.asked.get(0).authorization()).contains("Credential=AKIASELF/");
    assertThat(sts.asked.get(0).parameters())
        .containsEntry("Action", "AssumeRole")
        .containsEntry("RoleArn", ROLE)
        .containsEntry("ExternalId", "partner-7")
        .containsEntry("RoleSessionName", "job-1");
  }

  @Test
  void temporaryCredentialsAreRenewedBeforeTheyExpire() {
    sts.lendFor(Duration.ofSeconds(40));
    try (DimensionStore store = assuming()) {
      ping(store);
      sts.lendFor(Duration.ofHours(1));
      FaultFixture.until(
          "the second credentials sign, long before the first ones end",
          () -> {
            ping(store);
            return signedBy.contains("ASIALENT2@eu-west-1");
          });
      ping(store);
    }
    assertThat(signedBy.get(0)).isEqualTo("ASIALENT1@eu-west-1");
    assertThat(signedBy.get(signedBy.size() - 1)).isEqualTo("ASIALENT2@eu-west-1");
    assertThat(sts.asked).hasSize(2);
  }

  @Test
  void aWebIdentityIsExchangedWithAnUnsignedRequest() throws IOException {
    Path token = folder.resolve("token");
    Files.writeString(token, "a-web-identity\n");
    try (DimensionStore store =
        open(
            "role-arn",
            ROLE,
            "web-identity-token-file",
            token.toString(),
            "sts-endpoint",
            sts.address())) {
      ping(store);
    }
    assertThat(signedBy).containsExactly("ASIALENT1@eu-west-1");
    assertThat(sts.asked).hasSize(1);
    assertThat(sts.asked.get(0).authorization()).isEmpty();
    assertThat(sts.asked.get(0).parameters())
        .containsEntry("Action", "AssumeRoleWithWebIdentity")
        .containsEntry("WebIdentityToken", "a-web-identity");
  }

  @Test
  void aRoleThatMayNotBeAssumedIsDeniedAndTheOptionNamed() {
    sts.deny();
    try (DimensionStore store = assuming()) {
      StoreException failure = FaultFixture.failureOf(store.ping());
      assertThat(failure.kind()).isEqualTo(Kind.DENIED);
      assertThat(failure).hasMessageContaining("'role-arn'").hasMessageContaining("sts:AssumeRole");
    }
    assertThat(signedBy).as("nothing was sent").isEmpty();
  }

  @Test
  void expiredCredentialsAreDeniedAtOnceAndTheOptionsNamed() {
    service.always("ListTables", LastingFault.EXPIRED.fault());
    try (DimensionStore store = open("access-key", "AKIASELF", "secret-key", "selfsecret")) {
      StoreException failure = FaultFixture.failureOf(store.ping());
      assertThat(failure.kind()).isEqualTo(Kind.DENIED);
      assertThat(failure)
          .hasMessageContaining("have expired")
          .hasMessageContaining("'access-key'")
          .hasMessageContaining("'session-token'");
    }
    assertThat(service.requests("ListTables")).isEqualTo(1);
  }

  @Test
  void aProxyIsUsedForTheServiceAndForSts() throws IOException {
    try (CountingForwardProxy proxy = new CountingForwardProxy();
        DimensionStore store =
            assuming("proxy", proxy.address(), "proxy-user", "u", "proxy-password", "p4ss")) {
      ping(store);
      assertThat(signedBy).containsExactly("ASIALENT1@eu-west-1");
      assertThat(proxy.requestLines)
          .hasSize(2)
          .anySatisfy(line -> assertThat(line).contains(portOf(sts.address())))
          .anySatisfy(line -> assertThat(line).contains(portOf(service.address())));
      assertThat(proxy.authorizations).contains("Basic dTpwNHNz");
    }
  }

  private static String portOf(String address) {
    return address.substring(address.lastIndexOf(':'));
  }

  @Test
  void aClosedStoreLeaksNothing() {
    try (DimensionStore store = assuming()) {
      ping(store);
    }
    FaultFixture.until(
        "no thread is left",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .noneMatch(name -> name.contains("dimstore-dynamodb") || name.contains("sts-")));
  }

  @Test
  void noSecretIsLoggedOrShown() throws IOException {
    List<String> lines = new CopyOnWriteArrayList<>();
    AbstractAppender appender =
        new AbstractAppender("all", null, null, true, Property.EMPTY_ARRAY) {
          @Override
          public void append(LogEvent event) {
            // The SDK's signer writes session tokens to its DEBUG log; the documentation warns of
            // that.
            boolean ours = event.getLoggerName().startsWith("io.dimstore");
            if (ours || event.getLevel().isMoreSpecificThan(Level.INFO)) {
              lines.add(event.getMessage().getFormattedMessage() + " " + event.getThrown());
            }
          }
        };
    appender.start();
    LoggerContext context = (LoggerContext) LogManager.getContext(false);
    Level before = context.getRootLogger().getLevel();
    Configurator.setRootLevel(Level.DEBUG);
    context.getRootLogger().addAppender(appender);
    try (CountingForwardProxy proxy = new CountingForwardProxy();
        DimensionStore store =
            assuming("proxy", proxy.address(), "proxy-user", "u", "proxy-password", "p4ssw0rd")) {
      ping(store);
      service.always("ListTables", LastingFault.EXPIRED.fault());
      lines.add(store + " " + FaultFixture.failureOf(store.ping()));
    } finally {
      context.getRootLogger().removeAppender(appender);
      Configurator.setRootLevel(before);
    }
    assertThat(lines).isNotEmpty();
    for (String secret :
        List.of("selfsecret", "lentsecret", "lenttoken", "p4ssw0rd", "dTpwNHNzdzByZA")) {
      assertThat(lines).noneMatch(line -> line.contains(secret));
    }
  }
}
