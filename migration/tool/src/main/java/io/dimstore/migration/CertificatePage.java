// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.cli.report.HtmlPage;
import io.dimstore.migration.certificate.Certificate;
import io.dimstore.migration.certificate.Certificate.JudgedGate;
import io.dimstore.migration.gate.GateResult.Outcome;
import io.dimstore.migration.phase.LogEntry;
import io.dimstore.migration.phase.MigrationState;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a certificate as a page for people. */
final class CertificatePage {

  private CertificatePage() {}

  /**
   * Writes the page.
   *
   * @param done the log entry of the cut-over
   * @param problems why the certificate is not genuine; empty if it is
   */
  static void write(
      Certificate certificate,
      LogEntry done,
      MigrationState state,
      List<String> problems,
      Path file) {
    HtmlPage page = new HtmlPage("Cut-over of " + certificate.table());
    page.markup("<h1>").text("Certificate: cut-over of " + certificate.table()).markup("</h1>");
    long open = certificate.gates().stream().filter(gate -> !holds(gate)).count();
    page.markup("<p class=\"verdict ").markup(open == 0 ? "good" : "bad").markup("\">");
    page.text(
        open == 0
            ? "All " + certificate.gates().size() + " gates held."
            : "FORCED: " + open + " of " + certificate.gates().size() + " gates did not hold.");
    page.markup("</p>");
    if (!problems.isEmpty()) {
      page.markup("<ul class=\"problems\">");
      problems.forEach(problem -> page.element("li", problem));
      page.markup("</ul>");
    }
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("from", certificate.subject().from());
    facts.put("to", certificate.subject().to());
    facts.put("decided", MigrationPages.time(certificate.decidedAt()) + " by " + certificate.by());
    facts.put("carried out", MigrationPages.time(done.at()));
    facts.put("phase now", state.phase().label() + ": " + state.phase().meaning());
    facts.put("dimstore", certificate.version() + ", commit " + certificate.commit());
    facts.put("columns", "hash " + certificate.subject().layout());
    if (certificate.forced() != null) {
      facts.put("reason of --force", certificate.forced());
    }
    facts.put(
        "limits",
        certificate.weakerLimits().isEmpty()
            ? "those of a production migration"
            : "weaker than by default: " + String.join("; ", certificate.weakerLimits()));
    page.facts(facts);
    page.markup("<h2>Gates</h2>");
    for (JudgedGate gate : certificate.gates()) {
      MigrationPages.gate(
          page,
          gate.gate(),
          holds(gate),
          gate.text(),
          gate.figures(),
          gate.measuredAt(),
          gate.ageSeconds(),
          gate.maxAgeSeconds(),
          gate.evidence() == null ? null : gate.evidence().content(),
          gate.evidence() == null ? null : gate.evidence().sha256());
    }
    page.markup("<h2>How to check it</h2><p>")
        .text("The certificate has SHA-256 ")
        .markup("<code>")
        .text(certificate.sha256())
        .markup("</code>. ")
        .text(
            "migrate certificate --check with the JSON file computes all hashes again, and compares"
                + " them with the records in the new store. The hashes reveal changes. They do not"
                + " protect against somebody who may write the records.")
        .markup("</p>");
    MigrationPages.write(page, file);
  }

  private static boolean holds(JudgedGate gate) {
    return gate.outcome() == Outcome.HOLDS;
  }
}
