// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.bench.report.JsonReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonPageTest {

  @TempDir Path folder;

  @Test
  void reportIsSelfContained() throws Exception {
    String html = render(results(true, List.of()));

    assertThat(html).contains("Results are identical").contains("<svg");
    assertThat(Pattern.compile("(src|href)=|@import|url\\(|<script").matcher(html).find())
        .isFalse();
  }

  @Test
  void aDifferenceIsShownAndTextOfTheInputIsEscaped() throws Exception {
    String html = render(results(false, List.of("row <b>x</b> & more")));

    assertThat(html)
        .contains("NOT identical")
        .contains("row &lt;b&gt;x&lt;/b&gt; &amp; more")
        .doesNotContain("<b>x</b>");
  }

  @Test
  void resultsHaveTheDocumentedFields() throws Exception {
    Path file = folder.resolve("results.json");
    JsonReport.write(results(true, List.of()), file);
    JsonNode json = new ObjectMapper().readTree(file.toFile());

    assertThat(json.get("mode").asText()).isEqualTo("frozen");
    assertThat(json.get("identical").asBoolean()).isTrue();
    assertThat(json.get("input").fieldNames())
        .toIterable()
        .contains("linesRead", "refused", "events", "dimensionChanges", "sha256");
    JsonNode arm = json.get("arms").get(0);
    assertThat(arm.fieldNames())
        .toIterable()
        .contains(
            "name",
            "events",
            "features",
            "lookups",
            "oracleMismatches",
            "deadLetters",
            "outputSha256",
            "eventsPerSecond",
            "cpuSecondsPerMillionEvents",
            "requestsPerEvent",
            "latencyMillis");
    assertThat(arm.get("features").fieldNames()).toIterable().contains("risk", "marketing");
    assertThat(arm.get("lookups").fieldNames()).toIterable().contains("asked", "found");
    assertThat(arm.get("latencyMillis").fieldNames()).toIterable().contains("p50", "p95", "p99");
  }

  private String render(Results results) throws Exception {
    Path file = folder.resolve("report.html");
    ComparisonPage.write(results, file);
    return Files.readString(file);
  }

  private static Results results(boolean identical, List<String> problems) {
    Results.ArmResult arm =
        new Results.ArmResult(
            "memory",
            "the floor",
            10,
            new Results.Features(10, 10),
            new Results.Lookups(20, 19),
            0,
            0,
            "00ff",
            1234.5,
            7.25,
            Map.of("kafka", 3.5),
            0.5,
            Map.of("redis", 0.5),
            "the store's client",
            new Results.LatencyMillis(3, 9, 12),
            0.2,
            new Results.OnlineTables(4, 0),
            6,
            1.5);
    return new Results(
        "frozen",
        "smoke",
        identical,
        problems,
        new Results.Input("made up", 11, Map.of("unreadable-line", 1L), 10, 6, "aa"),
        List.of(arm),
        new Results.Run(
            "2026-01-01T00:00:00Z", 9, 2, "17", "1.20", 2, 5, 200, 1, List.of("memory"), Map.of()),
        List.of(new Results.SqlDifference("dynamodb", "memory", List.of("- a", "+ b"))));
  }
}
