// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup.arm;

import io.dimstore.bench.workload.RowWorkload;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import redis.clients.jedis.Jedis;

/** All arms, in the order of the results. */
public final class LookupArms {

  private static final Set<String> LEGACY = Set.of("hbase", "redis");

  private LookupArms() {}

  /** Returns all arms. */
  public static List<LookupArm> all() {
    List<LookupArm> arms = new ArrayList<>();
    arms.add(new DimArm("memory", "memory", Set.of(), DimArm.Mode.ASYNC));
    dim(arms, "hbase-redis", LEGACY);
    dim(arms, "dynamodb", Set.of("dynamodb"));
    arms.add(new StockArm("stock", true));
    arms.add(new StockArm("stock-sync", false));
    Set<String> legacyStore = Set.of("hbase-redis");
    arms.add(
        new AsyncArm(
            "handmade",
            LEGACY,
            legacyStore,
            context -> PipelinedLookup.withoutCache("handmade", context)));
    arms.add(
        new AsyncArm(
            "handmade-cached",
            LEGACY,
            legacyStore,
            context -> PipelinedLookup.withCache("handmade-cached", context)));
    arms.add(
        new AsyncArm(
            "redis-get",
            Set.of("redis"),
            Set.of(),
            context -> new RedisGetLookup("redis-get", context)));
    arms.add(
        new AsyncArm(
            "getitem",
            Set.of("dynamodb"),
            Set.of("dynamodb"),
            context -> new GetItemLookup("getitem", context)));
    return List.copyOf(arms);
  }

  /** Returns the arm whose cache has the whole table. Its store has a change feed. */
  public static LookupArm whole(String store) {
    Set<String> servers = store.equals("memory") ? Set.of() : Set.of(store);
    return new DimArm(store + "-whole", store, servers, DimArm.Mode.WHOLE);
  }

  /** Writes the entries in Redis of the arms that do not use dimstore. */
  public static void loadPlainEntries(LookupServers servers, RowWorkload workload) {
    try (Jedis jedis = new Jedis(servers.redisHost(), servers.redisPort())) {
      PlainEntries.load(jedis, workload);
    }
  }

  private static void dim(List<LookupArm> arms, String store, Set<String> servers) {
    arms.add(new DimArm(store, store, servers, DimArm.Mode.ASYNC));
    arms.add(new DimArm(store + "-sync", store, servers, DimArm.Mode.SYNC));
    arms.add(new DimArm(store + "-cached", store, servers, DimArm.Mode.CACHED));
  }
}
