// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.SecretNames;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.TableSpec;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MirrorOptionsTest {

  private static DimensionStore open(String... extra) {
    Map<String, String> options =
        new HashMap<>(Map.of("from.store", "memory", "to.store", "memory"));
    for (int i = 0; i < extra.length; i += 2) {
      options.put(extra[i], extra[i + 1]);
    }
    return DimensionStores.open("mirror", options, StoreMetrics.NONE, InstantSource.system());
  }

  @Test
  void unknownOptionOfASideIsRefusedWithTheNearestName() {
    assertRefused(() -> open("from.instanc", "x"), "instanc", "did you mean 'instance'");
    assertRefused(() -> open("to.deadline", "soon"), "deadline", "soon");
    assertRefused(() -> open("form.instance", "x"), "form.instance");
    assertRefused(() -> open("to.store", "memry"), "memry", "did you mean 'memory'");
    assertRefused(() -> open("to.store", "mirror"), "to.store");
    assertRefused(() -> open("mode.validity", "1 s", "mode.refresh", "1 s"), "mode.validity");
  }

  @Test
  void aTargetWithoutSharedRecordsIsRefused() {
    assertRefused(() -> open("to.store", "recordless-memory"), "shared records");
    open("from.store", "recordless-memory").close();
  }

  @Test
  void tableOptionsOfASideAreDefaultsOfTheStoreOrSetForATable() {
    try (DimensionStore store = open("from.change-feed", "true")) {
      store.table(table(Map.of("to.change-feed", "true")));
      assertRefused(() -> store.table(table(Map.of("to.change-fed", "true"))), "change-feed");
      assertRefused(() -> store.table(table(Map.of("change-feed", "true"))), "change-feed");
    }
  }

  private static TableSpec table(Map<String, String> options) {
    TableSpec plain = MirrorFixture.SPEC;
    return new TableSpec(plain.name(), plain.columns(), plain.keyColumns(), options);
  }

  /** An option behind a prefix is masked by its name, so each secret must be known by its name. */
  @Test
  void secretsOfEveryStoreAreMaskedBehindThePrefix() {
    for (DimensionStoreFactory factory :
        DimensionStores.factories(getClass().getClassLoader()).values()) {
      for (StoreOption<?> option : factory.options()) {
        if (option.isSecret()) {
          assertThat(SecretNames.contains("from." + option.name())).as(option.name()).isTrue();
        }
      }
    }
    StoreConfig config =
        StoreConfig.parse(
            "store 'mirror'",
            DimensionStores.factory("mirror", getClass().getClassLoader()).options(),
            StoreOption.Scope.STORE,
            Map.of("to.secret-key", "hidden-value", "to.region", "eu"));
    assertThat(config.toString()).doesNotContain("hidden-value").contains("eu");
  }

  private static void assertRefused(Runnable call, String... named) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
        .hasMessageContainingAll(named);
  }
}
