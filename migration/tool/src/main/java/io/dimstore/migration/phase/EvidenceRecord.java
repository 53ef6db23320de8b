// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.phase;

import io.dimstore.migration.gate.Evidence;
import io.dimstore.migration.gate.Finding;
import java.time.Instant;
import java.util.Map;

/**
 * Evidence as it is stored. Records are never changed.
 *
 * @param format {@link #FORMAT}
 * @param table the table's name
 * @param subject what was measured
 * @param at when the measurement ended
 * @param by who measured
 * @param version the version of dimstore that measured
 * @param context how it was measured: settings, further counts, what was assumed
 * @param evidence what was measured
 */
public record EvidenceRecord(
    String format,
    String table,
    MigrationState.Subject subject,
    Instant at,
    String by,
    String version,
    Map<String, String> context,
    Evidence evidence) {

  /** Names the format. */
  public static final String FORMAT = "dimstore-evidence/1";

  /** Returns whether this is the evidence of a finding. */
  boolean isOf(Finding finding) {
    return at.equals(finding.at())
        && evidence.equals(finding.evidence())
        && context.equals(finding.context());
  }
}
