// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.migration.MigrateMain;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Walks the demo as a user does, with few rows, and compares what it shows with the playbook. Most
 * of its time are waits until every job acts on a change of the mode, and the comparison of the
 * feature job. It is in this module since the demo runs that comparison.
 */
@Timeout(900)
class DemoIT {

  @TempDir Path folder;

  /**
   * {@code mvn -pl comparison-bench verify -Dit.test=DemoIT -Dupdate=true} writes the playbook's
   * outputs, from the real data if it is there.
   */
  @Test
  void wholeMigrationHoldsAndShowsWhatThePlaybookShows() throws Exception {
    boolean update = Boolean.getBoolean("update");
    Path out = folder.resolve("out");
    Path json = folder.resolve("demo.json");
    List<String> arguments = new ArrayList<>(List.of("demo", "--out", out.toString()));
    arguments.addAll(List.of("--json", json.toString()));
    if (!update) {
      arguments.addAll(List.of("--input", "generate", "--limit", "40000"));
    }

    int exitCode =
        MigrateMain.commandLine()
            .setOut(new PrintWriter(System.out, true, UTF_8))
            .setErr(new PrintWriter(System.err, true, UTF_8))
            .execute(arguments.toArray(String[]::new));

    assertThat(exitCode).isZero();
    JsonNode result = new ObjectMapper().readTree(json.toFile());
    List<String> names = new ArrayList<>();
    double seconds = 0;
    for (JsonNode phase : result.path("phases")) {
      names.add(phase.path("name").asText());
      seconds += phase.path("seconds").asDouble();
    }
    assertThat(names)
        .containsSubsequence("compare", "forecast", "plan", "preflight", "start", "backfill")
        .containsSubsequence("backfill", "verify", "shadow", "ramp", "measure", "replay")
        .containsSubsequence("replay", "refused-cutover", "drill", "cutover", "rollback")
        .containsSubsequence("rollback", "forward", "reverse", "finish", "check", "afterwards");
    assertThat(result.path("seconds").asDouble()).isGreaterThanOrEqualTo(seconds * 0.9);
    assertThat(result.path("refusedCutOver").asBoolean()).isTrue();
    assertThat(result.path("allGatesHeld").asBoolean()).isTrue();
    JsonNode certificate = new ObjectMapper().readTree(out.resolve("certificate.json").toFile());
    assertThat(certificate.path("forced").isMissingNode() || certificate.path("forced").isNull())
        .isTrue();
    assertThat(certificate.path("gates")).hasSize(9);
    assertThat(certificate.path("gates"))
        .extracting(gate -> gate.path("outcome").asText())
        .containsOnly("HOLDS");
    assertThat(certificate.path("weakerLimits")).hasSize(2);
    assertThat(result.path("rolledBack").asBoolean()).isTrue();
    assertThat(result.path("rollBackSeconds").asDouble()).isPositive();
    assertThat(result.path("foreignWrites").asLong()).isGreaterThan(100);
    assertThat(result.path("liveWrites").asLong()).isGreaterThan(100);
    assertThat(result.path("staleLookups").asLong(-1)).isZero();
    assertThat(result.path("differencesAtEnd").asLong(-1)).isZero();
    PlaybookOutputs outputs = PlaybookOutputs.of(out.resolve("steps"));
    for (String page : List.of("migration-playbook.md", "migration-playbook.zh.md")) {
      outputs.check(Path.of(System.getProperty("dimstore.home"), "docs", page), update);
    }
  }
}
