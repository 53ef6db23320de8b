// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import io.dimstore.hbaseredis.internal.hbase.RefusingRpcClient;
import io.dimstore.spi.Put;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.RedisEndpoint;
import io.dimstore.stack.relay.Direction;
import io.dimstore.stack.relay.Relay;
import io.dimstore.stack.relay.RelayedHBase;
import io.dimstore.tck.harness.Provocation;
import io.dimstore.tck.harness.StoreHarness;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.hbase.MultiActionResultTooLarge;
import org.apache.hadoop.hbase.RegionTooBusyException;
import org.apache.hadoop.hbase.security.AccessDeniedException;

/**
 * Runs the store on servers behind relays: an HBase of its own, whose region server every client
 * reaches through a relay, and Redis, which only the stores that are subject to a provocation reach
 * through a relay. In those stores, the RPC client of HBase adds a region server's refusals of
 * requests and of single rows, which a relay of bytes cannot produce.
 */
public final class RelayedHarness implements StoreHarness {

  private static final RegionTooBusyException BUSY =
      new RegionTooBusyException("Over memstore limit");

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
    Map<String, String> options = new HashMap<>(RefusingRpcClient.options());
    options.put("redis.host", "localhost");
    options.put("redis.port", Integer.toString(redis.port()));
    options.put("redis.slow-after", "50 ms");
    return options;
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
    return Map.of(Provocation.CHANGES_DROPPED, "the store has no change feed");
  }

  @Override
  public Runnable provoke(Provocation what, TableSpec table) {
    String name = table.name();
    switch (what) {
      case PARTIAL_ANSWERS -> {
        return RefusingRpcClient.refuseGets(
            name, rows -> (rows + 1) / 2, new MultiActionResultTooLarge("Response size exceeded"));
      }
      case NOTHING_PROCESSED -> {
        return RefusingRpcClient.refuseGets(name, rows -> 0, BUSY);
      }
      case ONE_UNPROCESSED -> {
        return RefusingRpcClient.refuseGets(name, rows -> rows - 1, BUSY);
      }
      case HALF_WRITES -> {
        return RefusingRpcClient.refuseMutations(name, rows -> rows / 2, BUSY);
      }
      case THROTTLED -> {
        return RefusingRpcClient.refuseRequests(BUSY);
      }
      case DENIED -> {
        return RefusingRpcClient.refuseRequests(new AccessDeniedException("No permission"));
      }
      case STUCK -> {
        hbase.relay().freeze();
        return hbase.relay()::resume;
      }
      case REORGANISED -> {
        regions.next(name);
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
