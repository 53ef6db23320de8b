// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.bench.BenchMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs a whole measurement on the real servers, with too few events for meaningful figures. */
class JobBenchIT {

  @TempDir Path folder;

  @Test
  void armsWithAndWithoutFlinkWriteTheSameBytesAndAreMeasured() throws Exception {
    Path json = folder.resolve("job.json");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();

    int exit =
        BenchMain.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(
                "bench",
                "job",
                "--arms=memory,dynamodb",
                "--limit=1200",
                "--warm-up-events=1500",
                "--rounds=6",
                "--flame-graphs=" + folder.resolve("flames"),
                "--json=" + json);

    assertThat(exit).as(err.toString() + out).isZero();
    assertThat(out.toString()).contains("KB/event", "Every row of every arm equals the oracle's.");
    assertThat(err.toString()).contains("round 6 of 6");
    JsonNode figures = new ObjectMapper().readTree(json.toFile());
    assertThat(figures.get("events").asInt()).isEqualTo(1200);
    assertThat(figures.get("warmUpEvents").asInt()).isEqualTo(1500);
    assertThat(6 * figures.get("eventsPerBlock").asInt()).isEqualTo(1200);
    // The oracle's bytes are the same for all arms, so the arms' rows are the same bytes.
    for (String arm : List.of("plain", "memory", "dynamodb")) {
      assertThat(figures.at("/oracleMismatches/" + arm).asLong(-1)).as(arm).isZero();
      assertThat(figures.at("/cpuMicrosByRound/" + arm)).as(arm).hasSize(6);
      assertThat(names(figures.at("/cpuMicrosPerEvent/" + arm)))
          .contains("gc", "jit", "job", "kafka", "other");
      assertThat(figures.at("/cpuMicrosPerEvent/" + arm + "/job").asDouble()).isPositive();
      assertThat(figures.at("/allocatedBytesPerEvent/" + arm).asDouble()).isPositive();
      assertThat(figures.at("/serverCpuMicrosPerEvent/" + arm).has("kafka")).isTrue();
      JsonNode ratio = figures.at("/ratios/" + arm);
      assertThat(ratio.get("median").asDouble())
          .isBetween(ratio.get("low").asDouble(), ratio.get("high").asDouble());
    }
    assertThat(figures.at("/ratios/plain/median").asDouble()).isEqualTo(1);
    assertThat(names(figures.get("onlineTableMismatches"))).containsExactly("memory", "dynamodb");
    assertThat(figures.at("/requestsPerEvent/plain").asDouble()).isZero();
    assertThat(figures.at("/requestsPerEvent/memory").asDouble()).isZero();
    assertThat(figures.at("/requestsPerEvent/dynamodb").asDouble()).isPositive();
    assertThat(figures.at("/calibratorMillis/low").asDouble()).isPositive();
    for (String arm : List.of("plain", "memory", "dynamodb")) {
      assertThat(Files.readString(folder.resolve("flames").resolve(arm + ".svg")))
          .as(arm)
          .contains("<title>job: ", "io.dimstore.");
    }
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
