package io.dimstore.hbaseredis;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import java.time.InstantSource;
import java.util.Set;

/**
 * Opens {@code hbase-redis}: HBase holds every row and decides by version, Redis holds copies that
 * live at most {@code max-age}. Needs HBase 2.x with the table {@code marks-table}, and Redis 6.2
 * or newer.
 *
 * <p>Each call of the HBase client (a multi-get, a batch of mutations, a page of a scan) is told to
 * the metrics as one request of server {@code hbase}, also where the client divides it among region
 * servers; each round trip to Redis as one of server {@code redis}. Counts: {@code redis.hit},
 * {@code redis.miss}, {@code redis.negative}, {@code redis.corrupt}, {@code redis.owed}, {@code
 * fill}, {@code breaker.open}, {@code breaker.close}, {@code repair.healed}, {@code
 * repair.corrupt}.
 */
public final class HBaseRedisStoreFactory implements DimensionStoreFactory {

  /** Found by {@link java.util.ServiceLoader}. */
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
  public DimensionStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    return new HBaseRedisStore(config, metrics, clock);
  }
}
