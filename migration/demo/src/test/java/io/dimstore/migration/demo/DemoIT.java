// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.demo;

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
 * Walks the demo as a user does, with few rows, and compares what it shows with the playbook. Takes
 * about two minutes, most of them waits until every job acts on a change of the mode.
 */
@Timeout(900)
class DemoIT {

  @TempDir Path folder;

  /**
   * {@code mvn -pl migration/demo verify -Dit.test=DemoIT -Dupdate=true} writes the playbook's
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
        .containsSubsequence("plan", "preflight", "start", "backfill", "verify", "shadow")
        .containsSubsequence("ramp", "refused-cutover", "drill", "cutover", "rollback")
        .containsSubsequence("rollback", "forward", "reverse", "finish", "check");
    assertThat(result.path("seconds").asDouble()).isGreaterThanOrEqualTo(seconds * 0.9);
    assertThat(result.path("refusedCutOver").asBoolean()).isTrue();
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
