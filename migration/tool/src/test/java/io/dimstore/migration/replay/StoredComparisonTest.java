// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimstore.migration.gate.Evidence;
import io.dimstore.migration.phase.MigrationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredComparisonTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void identicalResultsOfBothStoresAreEvidence() throws Exception {
    ReplayResult result = read(results -> {});
    assertThat(result.problems()).isEmpty();
    assertThat(result.finding().evidence()).isEqualTo(new Evidence.Replay(20, 0));
    assertThat(result.at()).isEqualTo(Instant.parse("2026-03-01T12:00:00Z"));
    assertThat(result.context())
        .containsEntry("arms", "hbase-redis, dynamodb")
        .containsEntry("version", "0.1")
        .containsKey("resultsSha256");
  }

  @Test
  void changedFileIsNoEvidence() throws Exception {
    ObjectNode results = StoredComparison.sealed(results());
    results.put("identical", false);
    results = StoredComparison.sealed(results);
    results.put("identical", true);
    ReplayResult result = read(results);
    assertThat(result.isComparable()).isFalse();
    assertThat(result.problems()).singleElement().asString().contains("was changed after");
  }

  @Test
  void fileWithoutAHashIsNoEvidence() throws Exception {
    ReplayResult result = read(results());
    assertThat(result.isComparable()).isFalse();
    assertThat(result.problems()).singleElement().asString().contains("was changed after");
  }

  @Test
  void resultsOfOtherColumnsAreNoEvidence() throws Exception {
    ReplayResult result =
        read(results -> ((ObjectNode) results.path("dimensions")).put("dim_user", "other"));
    assertThat(result.isComparable()).isFalse();
    assertThat(result.problems()).singleElement().asString().contains("other tables");
  }

  @Test
  void resultsWithoutAnArmOfAStoreAreNoEvidence() throws Exception {
    ReplayResult result = read(results -> arm(results, 1).put("store", "memory"));
    assertThat(result.isComparable()).isFalse();
    assertThat(result.problems()).containsExactly("no arm ran on the store dynamodb");
  }

  @Test
  void rowsThatDifferAreCountedAsEvidence() throws Exception {
    ReplayResult result = read(results -> arm(results, 1).put("outputSha256", "bb"));
    assertThat(result.isComparable()).isTrue();
    assertThat(result.problems()).singleElement().asString().contains("differ");
    assertThat(result.finding().evidence()).isEqualTo(new Evidence.Replay(20, 1));
  }

  @Test
  void comparisonThatIsNotIdenticalIsNoEvidenceOfEquality() throws Exception {
    ReplayResult result = read(results -> results.put("identical", false));
    assertThat(result.problems()).isNotEmpty();
    assertThat(result.finding().evidence()).isEqualTo(new Evidence.Replay(20, 1));
    assertThat(read(results -> results.put("finished", false)).problems()).isNotEmpty();
  }

  @Test
  void fileOfAnotherKindIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("x.json"), "{\"arms\":[]}");
    assertThatThrownBy(() -> StoredComparison.read(file, "hbase-redis", "dynamodb", "layout"))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("not a results.json");
  }

  private ReplayResult read(Consumer<ObjectNode> change) throws Exception {
    ObjectNode results = results();
    change.accept(results);
    return read(StoredComparison.sealed(results));
  }

  private ReplayResult read(ObjectNode results) throws Exception {
    Path file = Files.writeString(folder.resolve("results.json"), results.toPrettyString());
    return StoredComparison.read(file, "hbase-redis", "dynamodb", "layout");
  }

  private static ObjectNode arm(ObjectNode results, int number) {
    return (ObjectNode) results.path("arms").path(number);
  }

  private static ObjectNode results() throws Exception {
    return (ObjectNode)
        JSON.readTree(
            """
            {"profile": "smoke", "finished": true, "identical": true, "problems": [],
             "input": {"events": 10, "sha256": "ee"},
             "arms": [
               {"name": "hbase-redis", "store": "hbase-redis", "oracleMismatches": 0,
                "outputSha256": "aa", "features": {"risk": 10, "marketing": 10}},
               {"name": "dynamodb", "store": "dynamodb", "oracleMismatches": 0,
                "outputSha256": "aa", "features": {"risk": 10, "marketing": 10}}],
             "dimensions": {"dim_user": "layout"},
             "run": {"version": "0.1", "commit": "c", "endedAt": "2026-03-01T12:00:00Z",
               "servers": {}, "tookSeconds": 1.5E-7}}
            """);
  }
}
