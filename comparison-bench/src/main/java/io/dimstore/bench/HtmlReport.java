package io.dimstore.bench;

import io.dimstore.bench.BarChart.Bar;
import io.dimstore.bench.BarChart.Part;
import io.dimstore.bench.Results.ArmResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** {@code report.html}: one file that needs nothing else, drawn from {@link Results} alone. */
final class HtmlReport {

  private static final List<String> PROCESSES =
      List.of("job", "kafka", "hbase", "redis", "dynamodb");

  private final Results results;
  private final StringBuilder out = new StringBuilder();

  private HtmlReport(Results results) {
    this.results = results;
  }

  static void write(Results results, Path file) throws IOException {
    Files.writeString(file, new HtmlReport(results).render());
  }

  private String render() throws IOException {
    out.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .append("<title>dimstore: comparison</title><style>")
        .append(style())
        .append("</style></head><body><main>");
    verdict();
    input();
    arms();
    charts();
    sql();
    conditions();
    return out.append("</main></body></html>\n").toString();
  }

  private void verdict() {
    out.append("<h1>dimstore: the same feature job on every path</h1>");
    out.append("<p class=\"verdict ").append(results.identical() ? "good" : "bad").append("\">");
    out.append(results.identical() ? "Results are identical. " : "Results are NOT identical. ");
    out.append(results.arms().size())
        .append(" arms, ")
        .append(Figures.count(results.input().events()))
        .append(" events, mode ")
        .append(Html.escape(results.mode()))
        .append(", profile ")
        .append(Html.escape(results.profile()))
        .append(".</p>");
    if (!results.problems().isEmpty()) {
      out.append("<ul class=\"problems\">");
      results.problems().forEach(p -> out.append("<li>").append(Html.escape(p)).append("</li>"));
      out.append("</ul>");
    }
  }

  private void input() {
    Results.Input input = results.input();
    out.append("<h2>What went in</h2><p>")
        .append(Html.escape(input.source()))
        .append("</p><table><tr><th>lines read</th><th>events</th>");
    input.refused().keySet().forEach(reason -> cell("th", "refused: " + reason));
    out.append("<th>dimension changes</th></tr><tr>");
    cell("td", Figures.count(input.linesRead()));
    cell("td", Figures.count(input.events()));
    input.refused().values().forEach(n -> cell("td", Figures.count(n)));
    cell("td", Figures.count(input.dimensionChanges()));
    out.append(
            "</tr></table><p class=\"note\">Lines read = events + refused. SHA-256 of events and ")
        .append("changes as written: <code>")
        .append(Html.escape(input.sha256()))
        .append("</code></p>");
  }

  private void arms() {
    out.append("<h2>What came out</h2><div class=\"wide\"><table><tr>");
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
      cell("th", head);
    }
    out.append("</tr>");
    for (ArmResult arm : results.arms()) {
      out.append("<tr><td><b>")
          .append(Html.escape(arm.name()))
          .append("</b><br><span class=\"note\">")
          .append(Html.escape(arm.description()))
          .append("</span></td>");
      cell("td", Figures.count(arm.features().risk()));
      cell("td", Figures.count(arm.features().marketing()));
      cell(
          "td",
          Figures.count(arm.lookups().found()) + " / " + Figures.count(arm.lookups().asked()));
      cell("td", Figures.count(arm.oracleMismatches()));
      cell("td", Figures.count(arm.deadLetters()));
      Results.OnlineTables online = arm.onlineTables();
      cell(
          "td",
          online == null
              ? "–"
              : Figures.count(online.rows()) + " (" + Figures.count(online.mismatches()) + ")");
      out.append("<td><code>")
          .append(Html.escape(abbreviate(arm.outputSha256())))
          .append("</code></td></tr>");
    }
    out.append("</table></div>");
  }

  private void charts() {
    out.append(
            "<h2>What it took</h2><p class=\"note\">One run on one small machine, servers and job on ")
        .append("the same cores, each arm once: requests are counted, the timed figures are an ")
        .append("impression. No noise floor was measured, so no arm is ")
        .append("called faster. Emulated or one-process servers say nothing about the latency or ")
        .append("cost of a cloud service.</p><div class=\"charts\">");
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
    out.append("</div>");
  }

  private void stacked(
      String title,
      String unit,
      String note,
      Function<ArmResult, Map<String, Double>> parts,
      @Nullable ToDoubleFunction<ArmResult> first) {
    Set<String> used = new TreeSet<>(Comparator.comparingInt(HtmlReport::tone));
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
    figure(title, note, BarChart.svg(title, unit, bars), legend);
  }

  /** A process has one colour in all charts. */
  private static int tone(String process) {
    return PROCESSES.indexOf(process);
  }

  private void single(String title, String unit, String note, ToDoubleFunction<ArmResult> value) {
    List<Bar> bars = new ArrayList<>();
    for (ArmResult arm : results.arms()) {
      bars.add(new Bar(arm.name(), List.of(new Part(arm.name(), value.applyAsDouble(arm), 0))));
    }
    figure(title, note, BarChart.svg(title, unit, bars), List.of());
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
    figure(
        "Milliseconds from event to feature, paced",
        "At "
            + results.run().pacedEventsPerSecond()
            + " events a second, from the intended send time to the arrival of the later of its two "
            + "features in Kafka. The whole bar is p99.",
        BarChart.svg("Latency", "ms", bars),
        List.of(new Part("p50", 0, 0), new Part("p95", 0, 1), new Part("p99", 0, 2)));
  }

  private void figure(String title, String note, String svg, List<Part> legend) {
    out.append("<figure><figcaption><b>").append(Html.escape(title)).append("</b><br>");
    out.append("<span class=\"note\">").append(Html.escape(note)).append("</span>");
    if (!legend.isEmpty()) {
      out.append("<br>");
      for (Part part : legend) {
        out.append("<span class=\"key\"><i class=\"tone")
            .append(part.tone())
            .append("\"></i>")
            .append(Html.escape(part.name()))
            .append("</span>");
      }
    }
    out.append("</figcaption>").append(svg).append("</figure>");
  }

  private void sql() {
    out.append("<h2>How the SQL differs</h2>");
    for (Results.SqlDifference difference : results.sql()) {
      out.append("<details><summary><b>")
          .append(Html.escape(difference.arm()))
          .append("</b> against ")
          .append(Html.escape(difference.against()))
          .append(": ")
          .append(difference.lines().size())
          .append(" lines</summary><pre>");
      difference.lines().forEach(line -> out.append(Html.escape(line)).append('\n'));
      out.append("</pre></details>");
    }
  }

  private void conditions() {
    Results.Run run = results.run();
    out.append("<h2>How it was run</h2><table>");
    fact("started", run.startedAt());
    fact("took", Figures.measure(run.tookSeconds()) + " s");
    fact("order of the arms (seed " + run.seed() + ")", String.join(", ", run.armOrder()));
    fact("machine", run.cores() + " cores, Java " + run.java() + ", Flink " + run.flink());
    fact("parallelism", Integer.toString(run.parallelism()));
    fact(
        "paced part",
        run.pacedEvents() + " events at " + run.pacedEventsPerSecond() + " a second, open loop");
    fact("network distance", "loopback, none added");
    run.servers().forEach(this::fact);
    out.append("</table>");
  }

  private void fact(String name, String value) {
    out.append("<tr>");
    cell("th", name);
    cell("td", value);
    out.append("</tr>");
  }

  private void cell(String tag, String text) {
    out.append('<').append(tag).append('>').append(Html.escape(text));
    out.append("</").append(tag).append('>');
  }

  private static String abbreviate(String hash) {
    return hash.length() > 16 ? hash.substring(0, 16) + "…" : hash;
  }

  private static String style() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(HtmlReport.class.getResourceAsStream("report.css"), "report.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
