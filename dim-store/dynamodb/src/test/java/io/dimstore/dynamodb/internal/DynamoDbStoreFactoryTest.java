// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.dynamodb.internal.options.DynamoDbOptions;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.TableSpec;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DynamoDbStoreFactoryTest {

  private static final Map<String, String> NOWHERE =
      Map.of("endpoint", "http://127.0.0.1:1", "access-key", "a", "secret-key", "s3cr3t");

  private static DimensionStore open(Map<String, String> options) {
    return DimensionStores.open("dynamodb", options, StoreMetrics.NONE, InstantSource.system());
  }

  @Test
  void theStoreOpensByItsNameWithoutAServer() {
    try (DimensionStore store = open(NOWHERE)) {
      assertThat(store).isInstanceOf(DynamoDbStore.class);
    }
  }

  static Stream<Arguments> misfits() {
    return Stream.of(
        Arguments.of(Map.of("endpoint", "127.0.0.1:8000"), "is not a URL"),
        Arguments.of(Map.of("region", "x", "access-key", "a"), "'secret-key' is missing"),
        Arguments.of(Map.of("region", "x", "secret-key", "s"), "'access-key' is missing"),
        Arguments.of(
            Map.of("region", "x", "secret-key", "s", "access-key", "a", "profile", "p"),
            "exclude each other"),
        Arguments.of(Map.of("max-in-flight", "0"), "'max-in-flight'"),
        Arguments.of(Map.of("region", "x", "session-token", "t"), "'access-key' is missing"),
        Arguments.of(Map.of("region", "x", "role-external-id", "e"), "'role-arn' is missing"),
        Arguments.of(Map.of("region", "x", "sts-endpoint", "http://h"), "'role-arn' is missing"),
        Arguments.of(
            Map.of("region", "x", "web-identity-token-file", "/nowhere", "role-arn", "r"),
            "cannot be read"),
        Arguments.of(Map.of("region", "x", "profile-file", "/nowhere"), "cannot be read"),
        Arguments.of(Map.of("region", "x", "proxy-user", "u"), "'proxy' is missing"),
        Arguments.of(Map.of("region", "x", "proxy", "http://host"), "names no port"),
        Arguments.of(Map.of("region", "x", "proxy", "http://u:pw@host:1"), "//***@host"),
        Arguments.of(Map.of("region", "x", "create.read-units", "5"), "'create.write-units'"),
        Arguments.of(Map.of("read.units-per-second", "0"), "'read.units-per-second'"),
        Arguments.of(Map.of("region", "x", "read-cache.max-age", "1 s"), "'consistent-reads'"),
        Arguments.of(Map.of("region", "x", "read-cache.follow", "true"), "'read-cache.max-age'"),
        Arguments.of(Map.of("acces-key", "a"), "did you mean 'access-key'?"));
  }

  @ParameterizedTest
  @MethodSource("misfits")
  void conflictingOptionsAreRefusedWithTheRemedy(Map<String, String> options, String message) {
    assertThatThrownBy(() -> open(options))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.INVALID))
        .hasMessageContaining(message);
  }

  @Test
  void theSecretIsNotShown() {
    StoreConfig config =
        StoreConfig.parse("s", DynamoDbOptions.all(), StoreOption.Scope.STORE, NOWHERE);
    assertThat(config.toString()).doesNotContain("s3cr3t").contains("127.0.0.1");
  }

  static Stream<Arguments> tables() {
    DataType deep = DataType.Simple.INT;
    for (int i = 0; i < 33; i++) {
      deep = new DataType.Array(deep);
    }
    return Stream.of(
        Arguments.of("ab", new Column("v", DataType.STRING), "3 to 255"),
        Arguments.of("a b c", new Column("v", DataType.STRING), "3 to 255"),
        Arguments.of("abc", new Column("__dim_v", DataType.STRING), "reserved for the store"),
        Arguments.of("abc", new Column("x".repeat(65_536), DataType.STRING), "65535 bytes"),
        Arguments.of("abc", new Column("v", deep), "nests deeper"));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void aTableThatCannotBeStoredIsRefused(String name, Column column, String message) {
    TableSpec spec =
        new TableSpec(name, List.of(new Column("k", DataType.STRING), column), List.of("k"));
    try (DimensionStore store = open(NOWHERE)) {
      assertThatThrownBy(() -> store.table(spec))
          .isInstanceOfSatisfying(
              StoreException.class,
              e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.INVALID))
          .hasMessageContaining(message);
    }
  }
}
