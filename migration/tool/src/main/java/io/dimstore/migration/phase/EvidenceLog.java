// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.phase;

import io.dimstore.cli.ProjectVersion;
import io.dimstore.jobs.StoreCalls;
import io.dimstore.migration.gate.Finding;
import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stored evidence of a table's migration: a shared record for each piece, {@code
 * migration/TABLE/evidence/SHA256}. The content is canonical JSON, and the name has its SHA-256.
 * The state of the migration keeps name and hash. Thread-safe.
 */
public final class EvidenceLog {

  private final SharedRecords records;
  private final String table;
  private final String by;

  /**
   * Creates the log of a table.
   *
   * @param by names the person and machine in new evidence
   */
  public EvidenceLog(SharedRecords records, String table, String by) {
    this.records = records;
    this.table = table;
    this.by = by;
  }

  /** Stores findings that are not stored yet, and returns all of them with their places. */
  public List<Finding> record(MigrationState.Subject subject, List<Finding> findings)
      throws InterruptedException {
    List<Finding> recorded = new ArrayList<>(findings.size());
    for (Finding finding : findings) {
      recorded.add(finding.recorded() == null ? record(subject, finding) : finding);
    }
    return recorded;
  }

  private Finding record(MigrationState.Subject subject, Finding finding)
      throws InterruptedException {
    String content =
        StateJson.canonical(
            new EvidenceRecord(
                EvidenceRecord.FORMAT,
                table,
                subject,
                finding.at(),
                by,
                ProjectVersion.number(),
                finding.context(),
                finding.evidence()));
    String hash = StateJson.sha256(content);
    Finding.Recorded place = new Finding.Recorded(prefix() + hash, hash);
    // An equal record is the same evidence, of an attempt that was interrupted.
    var unused = StoreCalls.await(records.replace(place.record(), 0, content));
    return finding.recordedAs(place);
  }

  /**
   * Reads the content of a record of evidence; empty if there is none of this name.
   *
   * @param name the name of the record
   */
  public Optional<String> content(String name) throws InterruptedException {
    return StoreCalls.await(records.read(name)).map(SharedRecord::content);
  }

  /** Reads stored evidence; the caller has checked its hash. */
  public static EvidenceRecord parse(String name, String content) {
    return StateJson.parse(name, content, EvidenceRecord.class);
  }

  /**
   * Tells why a finding of the state does not count: its record is missing, has changed, is not
   * what the state says, or is about something else. Returns null if it counts.
   */
  public @Nullable String problem(MigrationState.Subject subject, Finding finding)
      throws InterruptedException {
    Finding.Recorded place = finding.recorded();
    if (place == null) {
      return "not genuine: the evidence has no record; measure again";
    }
    Optional<String> content = content(place.record());
    if (content.isEmpty()) {
      return "not genuine: the record " + place.record() + " is missing; measure again";
    }
    String hash = StateJson.sha256(content.get());
    if (!hash.equals(place.sha256())) {
      return "not genuine: the record "
          + place.record()
          + " has SHA-256 "
          + hash
          + " and had "
          + place.sha256()
          + "; measure again";
    }
    EvidenceRecord record = parse(place.record(), content.get());
    if (!record.table().equals(table) || !record.subject().equals(subject)) {
      return "not genuine: the evidence is about "
          + record.subject().from()
          + " to "
          + record.subject().to()
          + "; measure again";
    }
    return record.isOf(finding)
        ? null
        : "not genuine: the state differs from the record " + place.record() + "; measure again";
  }

  private String prefix() {
    return MigrationRecords.prefix(table) + "evidence/";
  }
}
