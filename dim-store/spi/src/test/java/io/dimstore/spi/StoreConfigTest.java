// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.StoreOption.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoreConfigTest {

  enum Consistency {
    EVENTUAL,
    READ_YOUR_WRITES
  }

  private static final StoreOption<String> ENDPOINT =
      StoreOption.text("endpoint", null, "Where the server is.");
  private static final StoreOption<String> PASSWORD = StoreOption.secret("password", "A secret.");
  private static final StoreOption<Integer> RETRIES =
      StoreOption.integer("retries", 3, 0, 10, "How often to try again.");
  private static final StoreOption<Boolean> TLS = StoreOption.flag("tls", false, "Encrypt.");
  private static final StoreOption<Boolean> INNER_TLS =
      StoreOption.flag("inner-tls", "Whether internal connections use TLS; by default as 'tls'.");
  private static final StoreOption<Duration> DEADLINE =
      StoreOption.duration("deadline", Duration.ofSeconds(10), "How long a call may take.");
  private static final StoreOption<Consistency> READS =
      StoreOption.choice("reads", Consistency.class, Consistency.EVENTUAL, "How to read.");
  private static final StoreOption<String> FAMILY =
      StoreOption.text("family", "f", "The column family.").perTable();
  private static final StoreOption<String> CLIENT =
      StoreOption.text("client.", null, "Passed to the client.");
  private static final List<StoreOption<?>> ALL =
      List.of(ENDPOINT, PASSWORD, RETRIES, TLS, INNER_TLS, DEADLINE, READS, FAMILY, CLIENT);

  @Test
  void valuesAreParsedByTheirOptions() {
    StoreConfig config =
        parse(
            Map.of(
                "endpoint", "host:1",
                "retries", " 5 ",
                "tls", "TRUE",
                "deadline", "250 ms",
                "reads", "read-your-writes",
                "client.timeout", "7",
                "client.name", "n"));
    assertThat(config.get(ENDPOINT)).isEqualTo("host:1");
    assertThat(config.get(RETRIES)).isEqualTo(5);
    assertThat(config.get(TLS)).isTrue();
    assertThat(config.get(DEADLINE)).isEqualTo(Duration.ofMillis(250));
    assertThat(config.get(READS)).isEqualTo(Consistency.READ_YOUR_WRITES);
    assertThat(config.prefixed(CLIENT)).isEqualTo(Map.of("timeout", "7", "name", "n"));
  }

  @Test
  void unsetOptionHasItsDefault() {
    StoreConfig config = parse(Map.of());
    assertThat(config.get(RETRIES)).isEqualTo(3);
    assertThat(config.get(READS)).isEqualTo(Consistency.EVENTUAL);
    assertThat(config.find(ENDPOINT)).isNull();
    assertThat(config.find(INNER_TLS)).isNull();
    assertThat(config.prefixed(CLIENT)).isEmpty();
  }

  @Test
  void missingOptionIsReportedWithItsDescription() {
    assertRefused(() -> parse(Map.of()).get(ENDPOINT), "'endpoint' is missing", "Where the server");
  }

  @Test
  void anUnknownOptionIsRefusedWithTheNearestNameAndAllNames() {
    assertRefused(
        () -> parse(Map.of("retires", "3")),
        "'retires'",
        "store 'x'",
        "did you mean 'retries'?",
        "client.*, deadline, endpoint, family, inner-tls, password, reads, retries, tls");
    assertRefused(() -> parse(Map.of("zzzzzzzz", "3")), "'zzzzzzzz' for store 'x'. Known");
    assertRefused(() -> parse(Map.of("client.", "3")), "'client.'");
  }

  @Test
  void optionOfTheOtherScopeIsRefusedAndTheMessageSaysWhereToSetIt() {
    assertRefused(() -> parse(Map.of("family", "g")), "'family'", "each table");
    assertRefused(
        () -> StoreConfig.parse("table 't'", ALL, Scope.TABLE, Map.of("tls", "true")),
        "'tls' of table 't'",
        "the whole store");
    assertThat(StoreConfig.parse("t", ALL, Scope.TABLE, Map.of("family", "g")).get(FAMILY))
        .isEqualTo("g");
  }

  @Test
  void valueThatCannotBeParsedIsRefusedWithTheExpectedForm() {
    assertRefused(() -> parse(Map.of("retries", "many")), "'retries': 'many'", "whole number");
    assertRefused(() -> parse(Map.of("retries", "11")), "not between 0 and 10");
    assertRefused(() -> parse(Map.of("retries", "99999999999")), "whole number", "0 to 10");
    assertRefused(() -> parse(Map.of("tls", "yes")), "neither true nor false");
    assertRefused(() -> parse(Map.of("reads", "strong")), "eventual | read-your-writes");
    assertRefused(() -> parse(Map.of("deadline", "10")), "'500 ms'");
    assertRefused(() -> parse(Map.of("deadline", "10 weeks")), "ms, s, min, h, d");
    assertRefused(() -> parse(Map.of("deadline", "999999 d")), "longer than 36500 d");
  }

  @Test
  void secretsAreNotShown() {
    StoreConfig config =
        parse(Map.of("password", "hunter2", "endpoint", "e", "client.key", "value"));
    assertThat(config.get(PASSWORD)).isEqualTo("hunter2");
    assertThat(config.toString()).doesNotContain("hunter2").contains("endpoint=e", "******");
    assertThat(parse(Map.of("client.trustStore.Password", "hunter2", "client.name", "n")))
        .hasToString("{client.name=n, client.trustStore.Password=******}");
  }

  @Test
  void formattedDurationsCanBeParsedAgain() {
    for (String text : List.of("1 ms", "999 ms", "1 s", "90 s", "2 min", "3 h", "7 d", "0 s")) {
      assertThat(Durations.format(Durations.parse(text))).isEqualTo(text);
    }
    assertThat(Durations.parse("5m")).isEqualTo(Duration.ofMinutes(5));
    assertThat(DEADLINE.describeDefault()).isEqualTo("10 s");
    assertThat(READS.describeDefault()).isEqualTo("eventual");
    assertThat(ENDPOINT.describeDefault()).isEqualTo("(none)");
  }

  private static StoreConfig parse(Map<String, String> values) {
    return StoreConfig.parse("store 'x'", ALL, Scope.STORE, values);
  }

  private static void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.INVALID))
        .hasMessageContainingAll(parts);
  }
}
