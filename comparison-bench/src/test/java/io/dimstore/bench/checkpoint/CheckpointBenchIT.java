// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.bench.BenchMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs a whole measurement on Kafka, with too few users for meaningful figures. */
class CheckpointBenchIT {

  @TempDir Path folder;

  @Test
  void checkpointsOfBothBackendsHoldTheUsersAndAreMeasured() throws Exception {
    Path json = folder.resolve("checkpoint.json");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();

    int exit =
        BenchMain.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(
                "bench",
                "checkpoint",
                "--users=2000",
                "--events-per-user=3",
                "--rate=100",
                "--block=300ms",
                "--json=" + json);

    assertThat(exit).as(err.toString() + out).isZero();
    assertThat(out.toString()).contains("with a checkpoint", "heap", "rocksdb");
    assertThat(err.toString()).contains("heap: round 6 of 6", "rocksdb: round 6 of 6");
    JsonNode figures = new ObjectMapper().readTree(json.toFile());
    assertThat(figures.get("users").asInt()).isEqualTo(2_000);
    for (String backend : List.of("heap", "rocksdb")) {
      JsonNode of = figures.at("/backends/" + backend);
      // A user's key and three events take more than a hundred bytes, however they are stored.
      assertThat(of.at("/first/stateBytes").asLong()).as(backend).isGreaterThan(200_000);
      assertThat(of.get("stateBytes").asLong()).as(backend).isGreaterThan(200_000);
      assertThat(of.at("/millis/low").asDouble()).as(backend).isPositive();
      assertThat(of.at("/latencyMillis/with/p99").asDouble()).as(backend).isPositive();
      assertThat(of.at("/latencyMillis/without/p99").asDouble()).as(backend).isPositive();
      assertThat(of.get("cpuMicrosPerEvent").asDouble()).as(backend).isPositive();
      assertThat(of.get("repeatedRows").asLong()).as(backend).isZero();
    }
    JsonNode heap = figures.at("/backends/heap");
    JsonNode rocksdb = figures.at("/backends/rocksdb");
    assertThat(heap.at("/writtenBytes/median").asLong())
        .as("the heap backend writes the whole state each time")
        .isGreaterThan(200_000);
    assertThat(rocksdb.at("/writtenBytes/median").asLong())
        .as("RocksDB writes what has changed")
        .isLessThan(heap.at("/writtenBytes/median").asLong());
  }
}
