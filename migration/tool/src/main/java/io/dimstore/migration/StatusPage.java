// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.cli.report.HtmlPage;
import io.dimstore.cli.report.NumberFormats;
import io.dimstore.migration.gate.Evidence;
import io.dimstore.migration.gate.Finding;
import io.dimstore.migration.gate.GateResult;
import io.dimstore.migration.phase.LogEntry;
import io.dimstore.migration.phase.MigrationState;
import io.dimstore.migration.phase.Phase;
import io.dimstore.mirror.control.MirrorMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Writes the status of a migration as a page for people. */
final class StatusPage {

  private final StatusCommand.Status status;
  private final HtmlPage page;

  private StatusPage(StatusCommand.Status status) {
    this.status = status;
    this.page = new HtmlPage("Migration of " + status.state().table());
  }

  static void write(StatusCommand.Status status, Path file) {
    StatusPage built = new StatusPage(status);
    built.head();
    built.progress();
    built.cost();
    built.gates();
    built.log();
    MigrationPages.write(built.page, file);
  }

  private void head() {
    MigrationState state = status.state();
    page.markup("<h1>").text("Migration of " + state.table()).markup("</h1><ol class=\"phases\">");
    for (Phase phase : Phase.values()) {
      String place =
          phase == state.phase() ? "now" : phase.compareTo(state.phase()) < 0 ? "past" : "next";
      page.markup("<li class=\"" + place + "\">").text(phase.label()).markup("</li>");
    }
    page.markup("</ol>");
    MirrorMode mode = status.mode();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("phase", state.phase().label() + ": " + state.phase().meaning());
    facts.put("since", MigrationPages.time(state.since()));
    facts.put("from", state.subject().from());
    facts.put("to", state.subject().to());
    facts.put(
        "decides", mode.primary() == MirrorMode.Side.FROM ? "the old store" : "the new store");
    facts.put("other store", mode.other().name().toLowerCase(Locale.ROOT));
    facts.put("lookups from the new store", percent(mode.readsTo()));
    facts.put("shadow reads", percent(mode.shadow()));
    if (!status.gates().isEmpty()) {
      facts.put("pending writes", NumberFormats.count(status.pending()) + " keys");
    }
    lag().ifPresent(lag -> facts.put("replication", lag));
    facts.put("as of", MigrationPages.time(status.at()));
    page.facts(facts);
  }

  private java.util.Optional<String> lag() {
    return status.gates().stream()
        .filter(gate -> finding(gate, Evidence.Replication.class) != null)
        .map(GateResult::text)
        .findFirst();
  }

  private static @Nullable Finding finding(GateResult gate, Class<? extends Evidence> kind) {
    Finding found = gate.finding();
    return found != null && kind.isInstance(found.evidence()) ? found : null;
  }

  private void progress() {
    MigrationState.Step step = status.state().step();
    BackfillState backfill = status.backfill();
    if (step == null && backfill == null) {
      return;
    }
    page.markup("<h2>Work</h2>");
    if (step != null) {
      page.markup("<p>")
          .text(
              "Step "
                  + step.transition().command()
                  + ", by "
                  + step.by()
                  + " since "
                  + MigrationPages.time(step.began())
                  + (step.mayBeRunning() ? "" : ", failed: repeat it or roll back"))
          .markup("</p>");
      MigrationState.Progress reached = step.progress();
      if (reached != null) {
        OptionalLong left = reached.secondsLeft(status.at());
        bar(
            reached.what(),
            reached.done(),
            reached.total(),
            left.isPresent() ? left.getAsLong() : null);
      }
    }
    if (backfill != null) {
      bar(
          "splits copied by the backfill",
          backfill.done(),
          backfill.splits(),
          backfill.secondsLeft());
      page.markup("<p class=\"note\">")
          .text(
              NumberFormats.count(backfill.entries())
                  + " rows and tombstones copied, "
                  + NumberFormats.count(backfill.notCopied())
                  + " could not be copied; last report "
                  + MigrationPages.time(backfill.lastSaved()))
          .markup("</p>");
    }
  }

  private void bar(String what, long done, long total, @Nullable Long secondsLeft) {
    String counts =
        NumberFormats.count(done)
            + (total < 0 ? " " : " of " + NumberFormats.count(total) + " ")
            + what
            + (secondsLeft == null
                ? ""
                : ", about " + MigrationPages.duration(secondsLeft) + " left at the rate so far");
    page.markup("<p>").text(counts).markup("</p>");
    if (total > 0) {
      page.markup(
          String.format(
              Locale.ROOT,
              "<div class=\"bar\"><i style=\"width:%.1f%%\"></i></div>",
              100.0 * Math.min(done, total) / total));
    }
  }

  private void cost() {
    Map<String, String> facts = CostFacts.of(status.gates());
    if (!facts.isEmpty()) {
      page.markup("<h2>Units and cost</h2>").facts(facts);
    }
  }

  private void gates() {
    if (status.gates().isEmpty()) {
      page.markup("<h2>Gates of the cut-over</h2><p class=\"note\">")
          .text("They are in the certificate: bin/dimstore migrate certificate --html FILE.")
          .markup("</p>");
      return;
    }
    long open = status.gates().stream().filter(gate -> !gate.holds()).count();
    page.markup("<h2>Gates of the cut-over</h2><p class=\"verdict ")
        .markup(open == 0 ? "good" : "bad")
        .markup("\">")
        .text(
            open == 0
                ? "All gates hold."
                : open + " of " + status.gates().size() + " gates do not hold.")
        .markup("</p>");
    for (GateResult gate : status.gates()) {
      Finding finding = gate.finding();
      Finding.Recorded place = finding == null ? null : finding.recorded();
      MigrationPages.gate(
          page,
          gate.gate().label(),
          gate.holds(),
          gate.text() + (gate.holds() ? "" : "; next: " + gate.gate().remedy()),
          gate.figures(),
          finding == null ? null : finding.at(),
          finding == null ? null : Duration.between(finding.at(), status.at()).toSeconds(),
          gate.maxAge().toSeconds(),
          null,
          place == null ? null : place.sha256());
    }
  }

  private void log() {
    page.markup("<h2>Log</h2>");
    List<List<String>> rows = new ArrayList<>();
    for (LogEntry entry : status.log()) {
      rows.add(
          List.of(
              MigrationPages.time(entry.at()),
              entry.transition() == null ? "plan" : entry.transition().command(),
              entry.by(),
              entry.text() + (entry.forced() == null ? "" : "; forced: " + entry.forced())));
    }
    java.util.Collections.reverse(rows);
    page.table(List.of("time", "step", "by", "what happened"), rows);
  }

  private static String percent(int basisPoints) {
    return String.format(Locale.ROOT, "%.2f %%", basisPoints / 100.0);
  }
}
