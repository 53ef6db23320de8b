// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import io.dimstore.hbaseredis.internal.HBaseRedisStore;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.hbase.HBaseThreads;
import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
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
 * Opens stores named {@code hbase-redis}. HBase is the system of record: it holds every row and
 * compares versions. Redis caches rows for at most {@code max-age}. Needs HBase 2.x with the table
 * {@code intents-table}, and Redis 6.2 or newer.
 *
 * <p>The metrics report each call of the HBase client (a multi-get, a batch of mutations, a page of
 * a scan) as one request to server {@code hbase}, even if the client divides it among region
 * servers. They report each round trip to Redis as one request to server {@code redis}. {@code
 * docs/operations.md} lists the counts and gauges.
 */
public final class HBaseRedisStoreFactory implements DimensionStoreFactory {

  /** Called by {@link java.util.ServiceLoader}. */
  public HBaseRedisStoreFactory() {}

  @Override
  public String id() {
    return "hbase-redis";
  }

  @Override
  public Set<StoreOption<?>> options() {
    return HBaseRedisOptions.all();
  }

  @Override
  public List<StoreMetric> metrics() {
    return Meter.declared();
  }

  @Override
  public DimensionStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    return new HBaseRedisStore(config, metrics, clock);
  }

  /** Ends the threads that HBase's client shares among its connections. */
  @Override
  public void unload() {
    HBaseThreads.end();
  }
}
