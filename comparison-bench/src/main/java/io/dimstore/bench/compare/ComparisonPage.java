// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare;

import io.dimstore.bench.compare.Results.ArmResult;
import io.dimstore.bench.report.BarChart;
import io.dimstore.bench.report.BarChart.Bar;
import io.dimstore.bench.report.BarChart.Part;
import io.dimstore.bench.report.HtmlPage;
import io.dimstore.bench.report.NumberFormats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Writes {@code report.html} from {@link Results}. */
final class ComparisonPage {

  private static final List<String> PROCESSES =
      List.of("job", "kafka", "hbase", "redis", "dynamodb");

  private final Results results;
  private final HtmlPage page = new HtmlPage("dimstore: comparison");

  private ComparisonPage(Results results) {
    this.results = results;
  }

  static void write(Results results, Path file) throws IOException {
    ComparisonPage report = new ComparisonPage(results);
    report.verdict();
    report.input();
    report.arms();
    report.charts();
    report.sql();
    report.conditions();
    report.page.write(file);
  }

  private void verdict() {
    page.markup("<h1>dimstore: the same feature job on every path</h1>");
    page.markup("<p class=\"verdict ").markup(results.identical() ? "good" : "bad").markup("\">");
    page.markup(results.identical() ? "Results are identical. " : "Results are NOT identical. ");
    page.text(Integer.toString(results.arms().size()))
        .markup(" arms, ")
        .markup(NumberFormats.count(results.input().events()))
        .markup(" events, mode ")
        .text(results.mode())
        .markup(", profile ")
        .text(results.profile())
        .markup(".</p>");
    if (!results.problems().isEmpty()) {
      page.markup("<ul class=\"problems\">");
      results.problems().forEach(p -> page.markup("<li>").text(p).markup("</li>"));
      page.markup("</ul>");
    }
  }

  private void input() {
    Results.Input input = results.input();
    page.markup("<h2>What went in</h2><p>")
        .text(input.source())
        .markup("</p><table><tr><th>lines read</th><th>events</th>");
    input.refused().keySet().forEach(reason -> page.element("th", "refused: " + reason));
    page.markup("<th>dimension changes</th></tr><tr>");
    page.element("td", NumberFormats.count(input.linesRead()));
    page.element("td", NumberFormats.count(input.events()));
    input.refused().values().forEach(n -> page.element("td", NumberFormats.count(n)));
    page.element("td", NumberFormats.count(input.dimensionChanges()));
    page.markup(
            "</tr></table><p class=\"note\">Lines read = events + refused. SHA-256 of events and ")
        .markup("changes as written: <code>")
        .text(input.sha256())
        .markup("</code></p>");
  }

  private void arms() {
    page.markup("<h2>Results</h2><div class=\"wide\"><table><tr>");
    for (String head :
        List.of(
            "arm",
            "risk rows",
            "marketing rows",
            "lookups found / asked",
            "rows unlike the oracle's",
            "dead letters",
            "online rows (unlike)",
            "SHA-256 of all rows")) {
      page.element("th", head);
    }
    page.markup("</tr>");
    for (ArmResult arm : results.arms()) {
      page.markup("<tr><td><b>")
          .text(arm.name())
          .markup("</b><br><span class=\"note\">")
          .text(arm.description())
          .markup("</span></td>");
      page.element("td", NumberFormats.count(arm.features().risk()));
      page.element("td", NumberFormats.count(arm.features().marketing()));
      page.element(
          "td",
          NumberFormats.count(arm.lookups().found())
              + " / "
              + NumberFormats.count(arm.lookups().asked()));
      page.element("td", NumberFormats.count(arm.oracleMismatches()));
      page.element("td", NumberFormats.count(arm.deadLetters()));
      Results.OnlineTables online = arm.onlineTables();
      page.element(
          "td",
          online == null
              ? "–"
              : NumberFormats.count(online.rows())
                  + " ("
                  + NumberFormats.count(online.mismatches())
                  + ")");
      page.markup("<td><code>").text(abbreviate(arm.outputSha256())).markup("</code></td></tr>");
    }
    page.markup("</table></div>");
  }

  private void charts() {
    page.markup("<h2>Cost</h2><p class=\"note\">One run on one small machine, servers and job on ")
        .markup("the same cores, each arm once: requests are counted, the timed figures are an ")
        .markup("impression. No noise floor was measured, so no arm is ")
        .markup("called faster. Emulated or one-process servers say nothing about the latency or ")
        .markup("cost of a cloud service.</p><div class=\"charts\">");
    stacked(
        "Requests per event",
        "requests",
        "Counted, by server: requests that left the arm's process, lookups and online writes together.",
        ArmResult::requestsPerEventByServer,
        null);
    stacked(
        "CPU seconds per million events",
        "CPU s",
        "Job process first, then each server. Lower is better.",
        ArmResult::serverCpuSecondsPerMillionEvents,
        ArmResult::cpuSecondsPerMillionEvents);
    single(
        "Events per second, reading as fast as it can",
        "events/s",
        "From the first feature row to the last one of the bulk part. Higher is better.",
        ArmResult::eventsPerSecond);
    latency();
    page.markup("</div>");
  }

  private void stacked(
      String title,
      String unit,
      String note,
      Function<ArmResult, Map<String, Double>> parts,
      @Nullable ToDoubleFunction<ArmResult> first) {
    Set<String> used =
        new TreeSet<>(
            Comparator.comparingInt(ComparisonPage::tone).thenComparing(Comparator.naturalOrder()));
    if (first != null) {
      used.add("job");
    }
    results.arms().forEach(arm -> used.addAll(parts.apply(arm).keySet()));
    List<Bar> bars = new ArrayList<>();
    for (ArmResult arm : results.arms()) {
      List<Part> stack = new ArrayList<>();
      if (first != null) {
        stack.add(new Part("job", first.applyAsDouble(arm), tone("job")));
      }
      parts.apply(arm).forEach((name, value) -> stack.add(new Part(name, value, tone(name))));
      bars.add(new Bar(arm.name(), stack));
    }
    List<Part> legend = used.stream().map(name -> new Part(name, 0, tone(name))).toList();
    page.figure(title, note, BarChart.svg(title, unit, bars), legend);
  }

  /** Returns the colour of a process. It is the same in all charts. */
  private static int tone(String process) {
    int known = PROCESSES.indexOf(process);
    return known < 0 ? PROCESSES.size() : known;
  }

  private void single(String title, String unit, String note, ToDoubleFunction<ArmResult> value) {
    List<Bar> bars = new ArrayList<>();
    for (ArmResult arm : results.arms()) {
      bars.add(new Bar(arm.name(), List.of(new Part(arm.name(), value.applyAsDouble(arm), 0))));
    }
    page.figure(title, note, BarChart.svg(title, unit, bars), List.of());
  }

  private void latency() {
    List<Bar> bars = new ArrayList<>();
    for (ArmResult arm : results.arms()) {
      Results.LatencyMillis l = arm.latencyMillis();
      bars.add(
          new Bar(
              arm.name(),
              List.of(
                  new Part("p50", l.p50(), 0),
                  new Part("p50 to p95", l.p95() - l.p50(), 1),
                  new Part("p95 to p99", l.p99() - l.p95(), 2))));
    }
    page.figure(
        "Milliseconds from event to feature, paced",
        "At "
            + results.run().pacedEventsPerSecond()
            + " events a second, from the intended send time to the arrival of the later of its two "
            + "features in Kafka. The whole bar is p99.",
        BarChart.svg("Latency", "ms", bars),
        List.of(new Part("p50", 0, 0), new Part("p95", 0, 1), new Part("p99", 0, 2)));
  }

  private void sql() {
    page.markup("<h2>How the SQL differs</h2>");
    for (Results.SqlDifference difference : results.sql()) {
      page.markup("<details><summary><b>")
          .text(difference.arm())
          .markup("</b> against ")
          .text(difference.against())
          .markup(": ")
          .text(Integer.toString(difference.lines().size()))
          .markup(" lines</summary><pre>");
      difference.lines().forEach(line -> page.text(line).markup("\n"));
      page.markup("</pre></details>");
    }
  }

  private void conditions() {
    Results.Run run = results.run();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("started", run.startedAt());
    facts.put("took", NumberFormats.measure(run.tookSeconds()) + " s");
    facts.put("order of the arms (seed " + run.seed() + ")", String.join(", ", run.armOrder()));
    facts.put("machine", run.cores() + " cores, Java " + run.java() + ", Flink " + run.flink());
    facts.put("parallelism", Integer.toString(run.parallelism()));
    facts.put(
        "paced part",
        run.pacedEvents() + " events at " + run.pacedEventsPerSecond() + " a second, open loop");
    facts.put("network distance", "loopback, none added");
    facts.putAll(run.servers());
    page.element("h2", "How it was run").facts(facts);
  }

  private static String abbreviate(String hash) {
    return hash.length() > 16 ? hash.substring(0, 16) + "…" : hash;
  }
}
