// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.report;

import io.dimstore.bench.compare.report.Results.ArmResult;
import io.dimstore.bench.compare.settings.TimedPart;
import io.dimstore.cli.report.BarChart;
import io.dimstore.cli.report.BarChart.Bar;
import io.dimstore.cli.report.BarChart.Part;
import io.dimstore.cli.report.HtmlPage;
import io.dimstore.cli.report.NumberFormats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

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
    if (results.arms().isEmpty()) {
      report.page.markup("<h2>Results</h2><p>No arm has results.</p>");
    } else {
      report.arms();
      report.cost();
    }
    report.sql();
    report.conditions();
    report.page.write(file);
  }

  private void verdict() {
    page.markup("<h1>dimstore: the same feature job on every path</h1>");
    page.markup("<p class=\"verdict ").markup(results.identical() ? "good" : "bad").markup("\">");
    if (!results.finished()) {
      page.markup("NOT finished: some arms have no results. ");
    } else {
      page.markup(results.identical() ? "Results are identical. " : "Results are NOT identical. ");
    }
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
    List<String> head = new ArrayList<>(List.of("lines read", "events"));
    List<String> row =
        new ArrayList<>(
            List.of(NumberFormats.count(input.linesRead()), NumberFormats.count(input.events())));
    input
        .refused()
        .forEach(
            (reason, count) -> {
              head.add("refused: " + reason);
              row.add(NumberFormats.count(count));
            });
    head.add("dimension changes");
    row.add(NumberFormats.count(input.dimensionChanges()));
    page.markup("<h2>What went in</h2><p>").text(input.source()).markup("</p>");
    page.table(head, List.of(row));
    page.markup("<p class=\"note\">Lines read = events + refused. SHA-256 of events and ")
        .markup("changes as written: <code>")
        .text(input.sha256())
        .markup("</code></p>");
  }

  private void arms() {
    page.markup("<h2>Results</h2><div class=\"wide\"><table><tr>");
    for (String head :
        List.of(
            "arm",
            // A phone shows the first columns.
            "rows that differ from the oracle's",
            "risk rows",
            "marketing rows",
            "lookups found / asked",
            "dead letters",
            "online rows (that differ)",
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
      page.element("td", NumberFormats.count(arm.oracleMismatches()));
      page.element("td", NumberFormats.count(arm.features().risk()));
      page.element("td", NumberFormats.count(arm.features().marketing()));
      page.element(
          "td",
          NumberFormats.count(arm.lookups().found())
              + " / "
              + NumberFormats.count(arm.lookups().asked()));
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

  private void cost() {
    page.markup("<h2>Cost</h2>");
    if (results.timed()) {
      page.markup("<p class=\"note\">Requests are counted. Everything that is timed was measured ")
          .markup("once, after a warm-up of ")
          .markup(NumberFormats.count(results.run().warmUpEvents()))
          .markup(" events, on one small machine whose cores the servers ")
          .markup(
              "and the job share. No noise floor was measured, so a difference between two arms ")
          .markup("is an impression, and no arm is called faster.</p>");
      String warning = WarmUp.warning(results.arms());
      if (!warning.isEmpty()) {
        page.markup("<p><b>").text(warning).markup("</b></p>");
      }
    } else {
      page.markup("<p class=\"note\">")
          .text(TimedPart.whyNone(results.input().events(), results.run().pacedEvents()))
          .markup("</p>");
    }
    page.markup("<div class=\"charts\">");
    requests();
    if (results.timed()) {
      jobCpu();
    }
    page.markup("</div>");
    if (results.timed()) {
      timings();
      servers();
    }
  }

  private void requests() {
    Set<String> used =
        new TreeSet<>(
            Comparator.comparingInt(ComparisonPage::tone).thenComparing(Comparator.naturalOrder()));
    List<Bar> bars = new ArrayList<>();
    for (ArmResult arm : results.arms()) {
      List<Part> parts = new ArrayList<>();
      arm.requestsPerEventByServer()
          .forEach((server, count) -> parts.add(new Part(server, count, tone(server))));
      used.addAll(arm.requestsPerEventByServer().keySet());
      bars.add(new Bar(arm.name(), parts));
    }
    page.figure(
        "Requests per event",
        "Counted, by server: requests that left the arm's process, lookups and online writes"
            + " together.",
        BarChart.svg("Requests per event", "requests", bars),
        used.stream().map(name -> new Part(name, 0, tone(name))).toList());
  }

  private void jobCpu() {
    List<Bar> bars = new ArrayList<>();
    for (ArmResult arm : results.arms()) {
      bars.add(
          new Bar(
              arm.name(), List.of(new Part("job", arm.cpuSecondsPerMillionEvents(), tone("job")))));
    }
    page.figure(
        "CPU seconds of the job per million events",
        "User and system time of the arm's process alone, with compilation and garbage collection."
            + " The servers' time is not in it.",
        BarChart.svg("CPU seconds of the job per million events", "CPU s", bars),
        List.of());
  }

  /** Returns the colour of a process. It is the same in all charts. */
  private static int tone(String process) {
    int known = PROCESSES.indexOf(process);
    return known < 0 ? PROCESSES.size() : known;
  }

  private void timings() {
    page.markup("<h3>Throughput and latency on this machine</h3><p class=\"note\">")
        .markup("Events a second: reading as fast as it can. Milliseconds: at ")
        .text(Integer.toString(results.run().pacedEventsPerSecond()))
        .markup(" events a second, from the intended send time of an event to the arrival of the ")
        .markup("later of its two features in Kafka. Emulators and servers in one process say ")
        .markup("nothing about the latency of a cluster or a cloud service.</p>");
    page.table(
        List.of("arm", "events/s", "p50 ms", "p95 ms", "p99 ms"),
        results.arms().stream()
            .map(
                arm ->
                    List.of(
                        arm.name(),
                        NumberFormats.measure(arm.eventsPerSecond()),
                        NumberFormats.measure(arm.latencyMillis().p50()),
                        NumberFormats.measure(arm.latencyMillis().p95()),
                        NumberFormats.measure(arm.latencyMillis().p99())))
            .toList());
  }

  private void servers() {
    Set<String> servers = new TreeSet<>();
    results.arms().forEach(arm -> servers.addAll(arm.serverCpuSecondsPerMillionEvents().keySet()));
    page.markup("<h3>CPU of the local servers</h3><p class=\"note\">")
        .markup("Seconds per million events. This is what emulators and servers in one process ")
        .markup("take here; it is not what a cluster or a cloud service costs. Kafka's part ")
        .markup("includes what the comparison itself reads.</p>");
    List<String> head = new ArrayList<>(List.of("arm"));
    head.addAll(servers);
    List<List<String>> rows = new ArrayList<>();
    for (ArmResult arm : results.arms()) {
      List<String> row = new ArrayList<>(List.of(arm.name()));
      for (String server : servers) {
        row.add(
            NumberFormats.measure(
                arm.serverCpuSecondsPerMillionEvents().getOrDefault(server, Double.NaN)));
      }
      rows.add(row);
    }
    page.table(head, rows);
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
    facts.put("command", run.commandLine());
    facts.put("version", run.version() + ", commit " + run.commit());
    facts.put("started", run.startedAt());
    facts.put("took", NumberFormats.measure(run.tookSeconds()) + " s");
    facts.put("order of the arms (seed " + run.seed() + ")", String.join(", ", run.armOrder()));
    facts.put("machine", run.cores() + " cores, Java " + run.java() + ", Flink " + run.flink());
    facts.put("parallelism", Integer.toString(run.parallelism()));
    if (results.timed()) {
      facts.put(
          "warm-up",
          NumberFormats.count(run.warmUpEvents())
              + " events, then "
              + NumberFormats.count(run.timedEvents())
              + " timed events");
    }
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
