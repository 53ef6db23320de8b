// SPDX-License-Identifier: Apache-2.0
package io.dimstore.docker;

import com.redis.testcontainers.RedisContainer;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.RowUpdates;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoredChanges;
import io.dimstore.spi.TableSpec;
import io.dimstore.tck.DimensionStoreTck;
import io.dimstore.tck.harness.StoreHarness;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

@Testcontainers
class HBaseRedisStoreInContainersIT extends DimensionStoreTck {

  @Container static final GenericContainer<?> hbase = Images.hbase();
  @Container static final RedisContainer redis = Images.redis();

  @Override
  protected StoreHarness harness() {
    return new StoreHarness() {
      @Override
      public String store() {
        return "hbase-redis";
      }

      @Override
      public Map<String, String> options() {
        return Stores.hbaseRedis(hbase, redis);
      }

      /**
       * HBase tables declare families, not columns, so a declaration does not fit if it needs a
       * family that the table lacks.
       */
      @Override
      public TableSpec incompatibleSpec(TableSpec created) {
        Map<String, String> options = new HashMap<>(created.options());
        options.put("state-family", "elsewhere");
        return new TableSpec(created.name(), created.columns(), created.keyColumns(), options);
      }

      @Override
      public Set<Class<?>> capabilities() {
        return Set.of(
            Maintenance.class, SharedRecords.class, StoredChanges.class, RowUpdates.class);
      }

      @Override
      public Map<String, String> withoutCopies() {
        return Map.of("redis.port", "1");
      }
    };
  }
}
