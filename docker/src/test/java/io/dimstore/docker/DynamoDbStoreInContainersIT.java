// SPDX-License-Identifier: Apache-2.0
package io.dimstore.docker;

import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.Column;
import io.dimstore.spi.RowUpdates;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoredChanges;
import io.dimstore.spi.TableSpec;
import io.dimstore.tck.DimensionStoreTck;
import io.dimstore.tck.harness.StoreHarness;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

@Testcontainers
class DynamoDbStoreInContainersIT extends DimensionStoreTck {

  @Container static final GenericContainer<?> dynamoDb = Images.dynamoDb();

  @Override
  protected StoreHarness harness() {
    return new StoreHarness() {
      @Override
      public String store() {
        return "dynamodb";
      }

      @Override
      public Map<String, String> options() {
        return Stores.dynamoDb(dynamoDb);
      }

      @Override
      public TableSpec table(String name, List<Column> columns, List<String> keyColumns) {
        return new TableSpec(name, columns, keyColumns, Map.of("change-feed", "true"));
      }

      @Override
      public Set<Class<?>> capabilities() {
        return Set.of(ChangeFeed.class, RowUpdates.class, SharedRecords.class, StoredChanges.class);
      }
    };
  }
}
