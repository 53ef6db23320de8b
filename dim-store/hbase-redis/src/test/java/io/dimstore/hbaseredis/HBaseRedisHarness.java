// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Put;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.HBaseEndpoint;
import io.dimstore.stack.RedisEndpoint;
import io.dimstore.tck.harness.StoreHarness;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import redis.clients.jedis.Jedis;

/** Reaches the store on the local servers. */
public record HBaseRedisHarness(HBaseEndpoint hbase, Map<String, String> redis)
    implements StoreHarness {

  public HBaseRedisHarness(HBaseEndpoint hbase, RedisEndpoint redis) {
    this(hbase, Map.of("redis.host", redis.host(), "redis.port", Integer.toString(redis.port())));
  }

  @Override
  public String store() {
    return "hbase-redis";
  }

  @Override
  public Map<String, String> options() {
    Map<String, String> options = new HashMap<>(redis);
    // The first table is created while classes of the client are still being loaded.
    options.put("deadline", "30 s");
    // A busy machine must not be taken for a slow Redis.
    options.put("redis.slow-after", "10 s");
    options.put("zookeeper.quorum", hbase.address());
    return options;
  }

  /**
   * HBase has no column types, so the incompatible declaration has a column in a family that the
   * table lacks.
   */
  @Override
  public TableSpec incompatibleSpec(TableSpec created) {
    Map<String, String> options = new HashMap<>(created.options());
    options.put("state-family", "elsewhere");
    return new TableSpec(created.name(), created.columns(), created.keyColumns(), options);
  }

  /**
   * Flushes and runs a major compaction, which removes delete markers and the cells that they hide.
   */
  @Override
  public void age(TableSpec table) {
    try (HBaseShell shell = new HBaseShell(hbase)) {
      shell.compact(table.name());
    }
  }

  @Override
  public Set<Class<?>> capabilities() {
    return Set.of(Maintenance.class);
  }

  @Override
  public Map<String, String> withoutCopies() {
    return Map.of("redis.port", "1");
  }

  @Override
  public boolean setCopy(TableSpec table, Put says) {
    Layout layout = new Layout(table);
    byte[] rowKey = Objects.requireNonNull(layout.keys().encode(says.key()));
    byte[] entry =
        new EntryCodec(layout).encode(says.row(), says.version(), says.expiresAtMillis());
    int port = Integer.parseInt(redis.get("redis.port"));
    try (Jedis plain = new Jedis(redis.get("redis.host"), port)) {
      EpochTags.put(plain, layout, layout.redisNames("dim").name(rowKey), entry);
    }
    return true;
  }

  @Override
  public Duration maxAge() {
    return HBaseRedisOptions.MAX_AGE.defaultValue();
  }

  /** Shortens the life of every key in Redis that expires; other keys stay. */
  @Override
  public void advanceServers(Duration by) {
    int port = Integer.parseInt(redis.get("redis.port"));
    try (Jedis plain = new Jedis(redis.get("redis.host"), port)) {
      for (String key : plain.keys("*")) {
        long left = plain.pttl(key);
        if (left >= 0) {
          plain.pexpire(key, Math.max(1, left - by.toMillis()));
        }
      }
      HBaseShell.await(
          "expired keys leave Redis",
          () -> plain.keys("*").stream().noneMatch(key -> endsAtOnce(plain.pttl(key))));
    }
  }

  private static boolean endsAtOnce(long millisLeft) {
    return millisLeft >= 0 && millisLeft <= 1;
  }
}
