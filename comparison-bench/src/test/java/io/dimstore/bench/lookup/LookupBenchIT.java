// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.bench.BenchMain;
import io.dimstore.bench.lookup.arm.LookupArm;
import io.dimstore.bench.lookup.arm.LookupArms;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs a whole measurement on the real servers, with too few events for meaningful figures. */
class LookupBenchIT {

  @TempDir Path folder;

  @Test
  void everyArmJoinsTheSameRowsAndIsMeasured() throws Exception {
    JsonNode figures = run("--rows=400", "--misses=0.3", "--cached-rows=100");

    for (LookupArm arm : LookupArms.all()) {
      String id = arm.id();
      assertThat(figures.at("/oracleMismatches/" + id).asLong(-1)).as(id).isZero();
      assertThat(figures.at("/cpuMicrosPerEvent/" + id).asDouble()).as(id).isPositive();
      assertThat(figures.at("/allocatedBytesPerEvent/" + id).asDouble()).as(id).isPositive();
      JsonNode speed = figures.at("/eventsPerSecond/" + id);
      assertThat(speed.get("low").asDouble()).as(id).isPositive();
      assertThat(speed.get("median").asDouble())
          .as(id)
          .isBetween(speed.get("low").asDouble(), speed.get("high").asDouble());
    }
    // Exact for those that send one request for each event.
    for (String arm : List.of("stock", "stock-sync", "getitem", "redis-get")) {
      assertThat(figures.at("/requestsPerEvent/" + arm).asDouble()).as(arm).isEqualTo(1);
    }
    assertThat(figures.at("/requestsPerEvent/memory").asDouble()).isZero();
    for (String arm : List.of("hbase-redis", "dynamodb", "handmade")) {
      assertThat(figures.at("/requestsPerEvent/" + arm).asDouble())
          .as(arm)
          .isPositive()
          .isLessThan(1);
    }
    for (String pair :
        List.of(
            "hbase-redis/stock",
            "hbase-redis/handmade",
            "hbase-redis/memory",
            "dynamodb/getitem",
            "dynamodb/memory")) {
      JsonNode ratio = figures.get("ratios").get(pair);
      assertThat(ratio.get("median").asDouble())
          .as(pair)
          .isPositive()
          .isBetween(ratio.get("low").asDouble(), ratio.get("high").asDouble());
    }
  }

  @Test
  void allServersAreBehindTheSameDelayLine() throws Exception {
    JsonNode figures =
        run("--rows=100", "--arms=stock-sync,dynamodb-sync,redis-get", "--round-trip=20ms");

    assertThat(figures.get("roundTripMillis").asDouble()).isEqualTo(20);
    // One lookup at a time cannot be faster than one in each round trip, and sixteen not than 16.
    for (String arm : List.of("stock-sync", "dynamodb-sync")) {
      assertThat(figures.at("/eventsPerSecond/" + arm + "/high").asDouble())
          .as(arm)
          .isLessThanOrEqualTo(50);
    }
    assertThat(figures.at("/eventsPerSecond/redis-get/high").asDouble())
        .isLessThanOrEqualTo(16 * 50);
  }

  @Test
  void cacheOfTheWholeTableIsMeasuredWithoutServers() throws Exception {
    Path json = folder.resolve("cache.json");
    StringWriter err = new StringWriter();
    int exit =
        BenchMain.commandLine()
            .setOut(new PrintWriter(new StringWriter(), true))
            .setErr(new PrintWriter(err, true))
            .execute(
                "bench",
                "cache",
                "--in-memory",
                "--rows=1000",
                "--changed-rows=10",
                "--json=" + json);

    assertThat(exit).as(err.toString()).isZero();
    JsonNode figures = new ObjectMapper().readTree(json.toFile());
    assertThat(figures.get("loadRowsPerSecond").asDouble()).isPositive();
    assertThat(figures.get("cacheBytesPerRow").asDouble()).isBetween(200.0, 1000.0);
    assertThat(figures.at("/visibleMillis/p99").asDouble()).isPositive();
  }

  private JsonNode run(String... options) throws Exception {
    Path json = folder.resolve("lookup.json");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> words =
        new java.util.ArrayList<>(
            List.of("bench", "lookup", "--rounds=6", "--warm-up=0s", "--json=" + json));
    words.addAll(List.of(options));
    int exit =
        BenchMain.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(words.toArray(String[]::new));
    assertThat(exit).as(err.toString() + out).isZero();
    assertThat(out.toString()).contains("Every joined row is right.");
    assertThat(err.toString()).contains("round 6 of 6");
    return new ObjectMapper().readTree(json.toFile());
  }
}
