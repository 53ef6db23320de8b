// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.bench.report.JsonReport;
import io.dimstore.migration.replay.ReplayResult;
import io.dimstore.migration.replay.StoredComparison;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonPageTest {

  @TempDir Path folder;

  private WarmUp warmUp = new WarmUp(7.3, 7.2);

  @Test
  void reportIsSelfContained() throws Exception {
    String html = render(results(true, true, true, List.of()));

    assertThat(html).contains("Results are identical").contains("<svg");
    assertThat(Pattern.compile("(src|href)=|@import|url\\(|<script").matcher(html).find())
        .isFalse();
  }

  @Test
  void aDifferenceIsShownAndTextOfTheInputIsEscaped() throws Exception {
    String html = render(results(false, true, true, List.of("row <b>x</b> & more")));

    assertThat(html)
        .contains("NOT identical")
        .contains("row &lt;b&gt;x&lt;/b&gt; &amp; more")
        .doesNotContain("<b>x</b>");
  }

  @Test
  void resultsHaveTheDocumentedFields() throws Exception {
    Path file = folder.resolve("results.json");
    JsonReport.write(results(true, true, true, List.of()), file);
    JsonNode json = new ObjectMapper().readTree(file.toFile());

    assertThat(json.get("mode").asText()).isEqualTo("frozen");
    assertThat(json.get("identical").asBoolean()).isTrue();
    assertThat(json.get("finished").asBoolean()).isTrue();
    assertThat(json.get("timed").asBoolean()).isTrue();
    assertThat(json.get("run").fieldNames())
        .toIterable()
        .contains("commandLine", "version", "commit");
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
            "warmUp",
            "requestsPerEvent",
            "latencyMillis");
    assertThat(arm.get("features").fieldNames()).toIterable().contains("risk", "marketing");
    assertThat(arm.get("lookups").fieldNames()).toIterable().contains("asked", "found");
    assertThat(arm.get("latencyMillis").fieldNames()).toIterable().contains("p50", "p95", "p99");
  }

  @Test
  void withoutAWarmJobThereAreNoTimings() throws Exception {
    Results cold = results(true, false, true, List.of());

    for (String text : List.of(render(cold), ComparisonTable.of(cold))) {
      assertThat(text)
          .contains("--profile quick")
          .doesNotContain("p50", "p99", "events/s", "1,234", "7.25", "3.50");
    }
    assertThat(render(cold)).contains("Requests per event");
  }

  @Test
  void aJobThatWasStillWarmingUpIsNamed() throws Exception {
    String warning = "still warming up";
    for (WarmUp steady : List.of(warmUp, new WarmUp(8, 7.3), new WarmUp(7, 9))) {
      warmUp = steady;
      Results results = results(true, true, true, List.of());
      assertThat(render(results)).doesNotContain(warning);
      assertThat(ComparisonTable.of(results)).doesNotContain(warning);
    }
    warmUp = new WarmUp(8, 6);
    Results results = results(true, true, true, List.of());
    for (String text : List.of(render(results), ComparisonTable.of(results))) {
      assertThat(text).contains(warning, "fell: memory by 25 %");
    }
    assertThat(render(results(true, false, true, List.of()))).doesNotContain(warning);
  }

  @Test
  void theServersTimeStandsApartFromTheJobs() throws Exception {
    Results results = results(true, true, true, List.of());

    String html = render(results);
    assertThat(
            html.substring(html.indexOf("CPU seconds of the job"), html.indexOf("</figure></div>")))
        .contains("7.25")
        .doesNotContain("kafka");
    assertThat(html.substring(html.indexOf("CPU of the local servers"))).contains("<td>3.50</td>");
    String[] tables = ComparisonTable.of(results).split("CPU of the local servers", 2);
    assertThat(tables[0]).contains("7.25").doesNotContain("3.50");
    assertThat(tables[1]).contains("3.50").contains("not that of a cluster").doesNotContain("7.25");
  }

  @Test
  void noTextClaimsMoreThanWasMeasured() throws Exception {
    assertThat(render(results(true, true, true, List.of())))
        .doesNotContainPattern("(?i)is better|faster than|fastest|slower|winner");
  }

  @Test
  void anUnfinishedComparisonIsNotCalledDifferent() throws Exception {
    assertThat(render(results(false, true, false, List.of("Arms without results: dynamodb"))))
        .contains("NOT finished")
        .contains("Arms without results: dynamodb")
        .doesNotContain("Results are");
  }

  @Test
  void withoutAnyResultThereIsNoEmptyTableOrChart() throws Exception {
    Results one = results(false, true, false, List.of("The comparison failed"));
    Results none =
        new Results(
            one.mode(),
            one.profile(),
            one.finished(),
            one.identical(),
            one.timed(),
            one.problems(),
            one.input(),
            List.of(),
            one.dimensions(),
            one.run(),
            one.sql());
    assertThat(render(none)).contains("No arm has results.").doesNotContain("<svg", "risk rows");
  }

  @Test
  void theReportSaysHowToRepeatIt() throws Exception {
    assertThat(render(results(true, true, true, List.of())))
        .contains("bin/dimstore compare --seed 1")
        .contains("0.1, commit 0123456789ab");
  }

  /** A phone is 390 pixels wide, and the page's margins leave 358 of them. */
  @Test
  void nothingNeedsMoreWidthThanAPhoneHas() throws Exception {
    String html = render(results(true, true, true, List.of("a problem")));

    Matcher widths =
        Pattern.compile("(?<!max-)width: *(\\d+)px|minmax\\((\\d+)px|viewBox=\"0 0 (\\d+)")
            .matcher(html);
    int found = 0;
    while (widths.find()) {
      found++;
      String width =
          Stream.of(widths.group(1), widths.group(2), widths.group(3))
              .filter(Objects::nonNull)
              .findFirst()
              .orElseThrow();
      assertThat(Integer.parseInt(width)).as(widths.group()).isLessThanOrEqualTo(358);
    }
    assertThat(found).as("widths that the page sets").isPositive();
    assertThat(
            html.replace("<div class=\"wide\"><table>", "").replace("<table class=\"facts\">", ""))
        .as("every table scrolls by itself, or has two columns of text")
        .doesNotContain("<table");
  }

  /** A migration takes the results as evidence, if the file is as it was written. */
  @Test
  void writtenResultsAreEvidenceOfTheirArms() throws Exception {
    ReportFiles files = new ReportFiles(folder);
    files.write(results(true, true, true, List.of()));
    ReplayResult read = StoredComparison.read(files.json(), "memory", "memory", "00");
    assertThat(read.problems()).isEmpty();
    assertThat(read.rows()).isEqualTo(20);

    Files.writeString(files.json(), Files.readString(files.json()).replace("\"00ff\"", "\"00fe\""));
    assertThat(StoredComparison.read(files.json(), "memory", "memory", "00").problems())
        .singleElement()
        .asString()
        .contains("was changed after it was written");
  }

  private String render(Results results) throws Exception {
    Path file = folder.resolve("report.html");
    ComparisonPage.write(results, file);
    return Files.readString(file);
  }

  private Results results(
      boolean identical, boolean timed, boolean finished, List<String> problems) {
    Results.ArmResult arm =
        new Results.ArmResult(
            "memory",
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
            warmUp,
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
        finished,
        identical,
        timed,
        problems,
        new Results.Input("made up", 11, Map.of("unreadable-line", 1L), 10, 6, "aa"),
        List.of(arm),
        Map.of("dim_user", "00"),
        new Results.Run(
            "bin/dimstore compare --seed 1",
            "0.1",
            "0123456789ab",
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:00:09Z",
            9,
            2,
            "17",
            "1.20",
            2,
            3,
            2,
            5,
            200,
            1,
            List.of("memory"),
            Map.of()),
        List.of(new Results.SqlDifference("dynamodb", "memory", List.of("- a", "+ b"))));
  }
}
