// SPDX-License-Identifier: Apache-2.0
package io.dimstore.h2;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetric;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.support.CommonOptions;
import io.dimstore.spi.support.ordered.OrderedStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Opens the store {@code h2}. */
public final class H2StoreFactory implements DimensionStoreFactory {

  static final String ID = "h2";

  static final StoreOption<String> URL =
      StoreOption.text(
          "url",
          null,
          "The JDBC URL of the database, such as jdbc:h2:/data/dimensions for a file that one"
              + " process opens at a time.");

  static final StoreOption<String> USER =
      StoreOption.text("user", "sa", "The user of the database.");

  static final StoreOption<String> PASSWORD =
      StoreOption.secret("password", "The user's password; empty by default.");

  static final StoreOption<Integer> CONNECTIONS =
      StoreOption.integer(
          "connections", 4, 1, 1_000, "How many requests may be in flight, each on a connection.");

  static final Set<StoreOption<?>> OPTIONS =
      Stream.concat(CommonOptions.all().stream(), Stream.of(URL, USER, PASSWORD, CONNECTIONS))
          .collect(Collectors.toUnmodifiableSet());

  /** Creates the factory; called by {@link java.util.ServiceLoader}. */
  public H2StoreFactory() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public Set<StoreOption<?>> options() {
    return OPTIONS;
  }

  @Override
  public List<StoreMetric> metrics() {
    return OrderedStore.METRICS;
  }

  @Override
  public DimensionStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    return new OrderedStore<>(
        ID, OPTIONS, config, config.get(CONNECTIONS), new H2Client(config), metrics, clock);
  }
}
