// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb;

import io.dimstore.dynamodb.internal.DynamoDbMetrics;
import io.dimstore.dynamodb.internal.DynamoDbStore;
import io.dimstore.dynamodb.internal.options.DynamoDbOptions;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetric;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/**
 * Opens DynamoDB as a dimension store, under the id {@code dynamodb}. Stateless and thread-safe.
 */
public final class DynamoDbStoreFactory implements DimensionStoreFactory {

  /** For {@link java.util.ServiceLoader}. */
  public DynamoDbStoreFactory() {}

  @Override
  public String id() {
    return DynamoDbOptions.STORE_ID;
  }

  @Override
  public Set<StoreOption<?>> options() {
    return DynamoDbOptions.all();
  }

  @Override
  public List<StoreMetric> metrics() {
    return DynamoDbMetrics.all();
  }

  @Override
  public DimensionStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    return new DynamoDbStore(config, metrics, clock);
  }
}
