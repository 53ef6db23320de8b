// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror;

import static io.dimstore.mirror.MirrorFixture.await;

import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.MirrorMode.Other;
import io.dimstore.mirror.control.ModeRecords;
import io.dimstore.spi.Column;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoredChanges;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.tck.WriteTck;
import io.dimstore.tck.harness.StoreHarness;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The rules of writes on a mirror of the real stores, with half of the reads from each. Copies and
 * feeds of the stores are tested by the stores' own tests.
 */
class RealStoresTckIT extends WriteTck {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis", "dynamodb");

  @Override
  protected StoreHarness harness() {
    Map<String, String> options =
        RealStores.options(stack.hbase(), stack.redis(), stack.dynamoDb());
    DimensionStore mirror =
        DimensionStores.open("mirror", options, StoreMetrics.NONE, InstantSource.system());
    SharedRecords records = mirror.capability(SharedRecords.class).orElseThrow();
    MirrorMode mode = MirrorMode.BEFORE.withOther(Other.WRITTEN).withReadsTo(5_000);
    return new StoreHarness() {
      @Override
      public String store() {
        return "mirror";
      }

      @Override
      public Set<String> metricsPassedOn() {
        return Set.of("from.", "to.");
      }

      @Override
      public Map<String, String> options() {
        return options;
      }

      @Override
      public TableSpec table(String name, List<Column> columns, List<String> keyColumns) {
        await(records.replace(ModeRecords.nameOf(name), 0, mode.format()));
        return new TableSpec(name, columns, keyColumns);
      }

      @Override
      public Set<Class<?>> capabilities() {
        return Set.of(SharedRecords.class, StoredChanges.class);
      }

      @Override
      public void close() {
        mirror.close();
      }
    };
  }
}
