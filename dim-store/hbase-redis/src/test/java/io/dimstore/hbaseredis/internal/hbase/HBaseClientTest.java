// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HBaseClientTest {

  /** A class that cannot be initialised, as when another one is missing on the class path. */
  static final class Unusable {

    static {
      fail();
    }

    private static void fail() {
      throw new NoClassDefFoundError("another");
    }
  }

  @Test
  void errorWhileItConnectsFailsTheCallsThatWait() {
    Map<String, String> options =
        Map.of("zookeeper.quorum", "zk:1", "hbase.client.registry.impl", Unusable.class.getName());
    StoreConfig config =
        StoreConfig.parse(
            "store 'hbase-redis'", HBaseRedisOptions.all(), StoreOption.Scope.STORE, options);
    try (HBaseClient client = new HBaseClient(config)) {
      StoreException failure =
          client
              .connection()
              .orTimeout(1, TimeUnit.MINUTES)
              .handle((open, thrown) -> StoreException.find(thrown))
              .join();
      assertThat(failure).isNotNull();
      assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(failure).hasRootCauseInstanceOf(NoClassDefFoundError.class);
    }
  }
}
