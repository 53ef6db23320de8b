// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import io.dimstore.spi.Put;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.RedisEndpoint;
import io.dimstore.stack.RelayedHBase;
import io.dimstore.stack.relay.Direction;
import io.dimstore.stack.relay.Relay;
import io.dimstore.tck.Provocation;
import io.dimstore.tck.StoreHarness;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * Runs the store on servers behind relays: an HBase of its own, whose region server every client
 * reaches through a relay, and Redis, which only the stores that are subject to a provocation reach
 * through a relay.
 */
public final class RelayedHarness implements StoreHarness {

  private final RelayedHBase hbase = RelayedHBase.start();
  private final RegionChanges regions = new RegionChanges(hbase.endpoint());
  private final Relay redis;
  private final HBaseRedisHarness servers;

  public RelayedHarness(RedisEndpoint endpoint) {
    this.redis = Relay.to(endpoint.port());
    this.servers = new HBaseRedisHarness(hbase.endpoint(), endpoint);
  }

  @Override
  public String store() {
    return servers.store();
  }

  @Override
  public Map<String, String> options() {
    return servers.options();
  }

  @Override
  public TableSpec incompatibleSpec(TableSpec created) {
    return servers.incompatibleSpec(created);
  }

  @Override
  public void age(TableSpec table) {
    servers.age(table);
  }

  @Override
  public Set<Class<?>> capabilities() {
    return servers.capabilities();
  }

  @Override
  public Map<String, String> withoutCopies() {
    return servers.withoutCopies();
  }

  @Override
  public boolean setCopy(TableSpec table, Put says) {
    return servers.setCopy(table, says);
  }

  @Override
  public Duration maxAge() {
    return servers.maxAge();
  }

  @Override
  public void advanceServers(Duration by) {
    servers.advanceServers(by);
  }

  @Override
  public Map<String, String> provokedOptions() {
    return Map.of(
        "redis.host", "localhost",
        "redis.port", Integer.toString(redis.port()),
        "redis.slow-after", "50 ms");
  }

  @Override
  public Duration cacheDelay() {
    return Duration.ofMillis(500);
  }

  @Override
  public Duration shortDeadline() {
    return Duration.ofSeconds(1);
  }

  @Override
  public Map<Provocation, String> unsupportedProvocations() {
    Map<Provocation, String> cannot = new EnumMap<>(Provocation.class);
    for (Provocation what :
        Set.of(
            Provocation.PARTIAL_ANSWERS,
            Provocation.NOTHING_PROCESSED,
            Provocation.ONE_UNPROCESSED,
            Provocation.HALF_WRITES,
            Provocation.THROTTLED)) {
      cannot.put(
          what, "a relay of bytes cannot produce a region server's answers about single" + " rows");
    }
    cannot.put(Provocation.DENIED, "access control of the local HBase is not enabled");
    cannot.put(Provocation.CHANGES_DROPPED, "the store has no change feed");
    return cannot;
  }

  @Override
  public Runnable provoke(Provocation what, TableSpec table) {
    switch (what) {
      case STUCK -> {
        hbase.relay().freeze();
        return hbase.relay()::resume;
      }
      case REORGANISED -> {
        regions.next(table.name());
        return () -> {};
      }
      case AWAY -> {
        hbase.relay().refuse();
        hbase.relay().cut();
        return hbase.relay()::accept;
      }
      case CACHE_STUCK -> {
        redis.freeze();
        return redis::resume;
      }
      case CACHE_SLOW -> {
        redis.delay(Direction.ANSWERS, cacheDelay());
        return redis::heal;
      }
      default -> throw new UnsupportedOperationException(what + " cannot be provoked");
    }
  }

  @Override
  public void close() {
    redis.close();
    hbase.close();
  }
}
