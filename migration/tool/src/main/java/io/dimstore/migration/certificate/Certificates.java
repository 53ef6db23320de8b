// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.certificate;

import io.dimstore.cli.ProjectVersion;
import io.dimstore.jobs.StoreCalls;
import io.dimstore.migration.certificate.Certificate.JudgedGate;
import io.dimstore.migration.certificate.Certificate.KeptEvidence;
import io.dimstore.migration.gate.Finding;
import io.dimstore.migration.gate.GateResult;
import io.dimstore.migration.phase.EvidenceLog;
import io.dimstore.migration.phase.MigrationRecords;
import io.dimstore.migration.phase.MigrationState;
import io.dimstore.migration.phase.StateJson;
import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecordPage;
import io.dimstore.spi.SharedRecords;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of a table's migration: a shared record for each decision to cut over, {@code
 * migration/TABLE/certificate/MILLIS}. Records are never changed. Thread-safe.
 */
public final class Certificates {

  private static final int PAGE = 20;

  private final SharedRecords records;
  private final EvidenceLog evidence;
  private final String table;
  private final String by;

  /**
   * Creates the certificates of a table.
   *
   * @param by names the person and machine in new certificates
   */
  public Certificates(SharedRecords records, String table, String by) {
    this.records = records;
    this.evidence = new EvidenceLog(records, table, by);
    this.table = table;
    this.by = by;
  }

  /**
   * Stores the certificate of a decision, before it is carried out.
   *
   * @param gates the gates as they were judged; all evidence is recorded
   * @param forced the reason for passing gates that did not hold, or null
   */
  public Certificate add(
      MigrationState state, List<GateResult> gates, @Nullable String forced, Instant now)
      throws InterruptedException {
    List<JudgedGate> judged = new ArrayList<>();
    for (GateResult gate : gates) {
      judged.add(Certificate.judged(gate, kept(gate.finding()), now));
    }
    Certificate certificate =
        new Certificate(
                Certificate.FORMAT,
                table,
                state.subject(),
                now,
                by,
                ProjectVersion.number(),
                ProjectVersion.commit(Path.of(System.getProperty("dimstore.home", ""))),
                state.phase(),
                forced,
                state.limits(),
                state.limits().weakerThanDefault(),
                judged,
                "")
            .sealed();
    String content = StateJson.canonical(certificate);
    long millis = now.toEpochMilli();
    while (!StoreCalls.await(records.replace(name(millis), 0, content))) {
      millis++;
    }
    return certificate;
  }

  private @Nullable KeptEvidence kept(@Nullable Finding finding) throws InterruptedException {
    Finding.Recorded place = finding == null ? null : finding.recorded();
    String content = place == null ? null : evidence.content(place.record()).orElse(null);
    return place == null || content == null
        ? null
        : new KeptEvidence(
            place.record(), place.sha256(), StateJson.parseTree(place.record(), content));
  }

  /** Returns the newest certificate; empty if there is none. */
  public Optional<Certificate> newest() throws InterruptedException {
    List<Certificate> all = all();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }

  private List<Certificate> all() throws InterruptedException {
    List<Certificate> all = new ArrayList<>();
    String after = "";
    do {
      SharedRecordPage page = StoreCalls.await(records.list(prefix(), after, PAGE));
      for (SharedRecord record : page.records()) {
        all.add(StateJson.parse(record.name(), record.content(), Certificate.class));
      }
      after = page.next();
    } while (after != null);
    return all;
  }

  /**
   * Checks a certificate against the stored records: its own hash, its record, and the hash of each
   * evidence.
   *
   * @return what is wrong, as sentences; empty if nothing is
   */
  public List<String> check(Certificate certificate) throws InterruptedException {
    List<String> problems = new ArrayList<>();
    if (!certificate.isGenuine()) {
      problems.add("The SHA-256 of the certificate is not that of its content");
    }
    if (!all().contains(certificate)) {
      problems.add("No stored certificate of table " + table + " is equal to it");
    }
    for (JudgedGate gate : certificate.gates()) {
      KeptEvidence kept = gate.evidence();
      if (kept == null) {
        if (gate.held()) {
          problems.add("Gate " + gate.gate() + " held, and its evidence is missing");
        }
        continue;
      }
      if (!StateJson.sha256(StateJson.canonical(kept.content())).equals(kept.sha256())) {
        problems.add("The evidence of gate " + gate.gate() + " does not have its SHA-256");
      }
      Optional<String> stored = evidence.content(kept.record());
      if (stored.isEmpty()) {
        problems.add("The record " + kept.record() + " of gate " + gate.gate() + " is missing");
      } else if (!StateJson.sha256(stored.get()).equals(kept.sha256())) {
        problems.add("The record " + kept.record() + " of gate " + gate.gate() + " has changed");
      }
    }
    return problems;
  }

  private String prefix() {
    return MigrationRecords.prefix(table) + "certificate/";
  }

  private String name(long millis) {
    return prefix() + String.format(Locale.ROOT, "%015d", millis);
  }
}
