// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.certificate;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import io.dimstore.migration.gate.Figures;
import io.dimstore.migration.gate.Finding;
import io.dimstore.migration.gate.GateResult;
import io.dimstore.migration.gate.Limits;
import io.dimstore.migration.phase.MigrationState;
import io.dimstore.migration.phase.Phase;
import io.dimstore.migration.phase.StateJson;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a cut-over was decided by. Immutable.
 *
 * @param format {@link #FORMAT}
 * @param table the table's name
 * @param subject what was migrated
 * @param decidedAt when the gates were judged
 * @param by who cut over
 * @param version the version of dimstore that judged
 * @param commit the commit of the checkout that it ran from, or {@code unknown}
 * @param phase the phase before
 * @param forced the reason for passing gates that did not hold, or null if all held
 * @param limits the limits of the plan
 * @param weakerLimits limits that are weaker than the default, as text
 * @param gates the gates in their order
 * @param sha256 the SHA-256 of the canonical JSON of the other fields
 */
public record Certificate(
    String format,
    String table,
    MigrationState.Subject subject,
    Instant decidedAt,
    String by,
    String version,
    String commit,
    Phase phase,
    @Nullable String forced,
    Limits limits,
    List<String> weakerLimits,
    List<JudgedGate> gates,
    String sha256) {

  /** Names the format. */
  public static final String FORMAT = "dimstore-certificate/1";

  /** Copies the lists. */
  public Certificate {
    weakerLimits = List.copyOf(weakerLimits);
    gates = List.copyOf(gates);
  }

  /**
   * A gate as it was judged.
   *
   * @param gate its label
   * @param outcome whether it held, and if not, why
   * @param figures the measured value, its limit and its bound, or null without evidence
   * @param measuredAt when the measurement ended, or null without evidence
   * @param ageSeconds the age of the evidence when it was judged, or null without evidence
   * @param maxAgeSeconds the age up to which it counts
   * @param text the figures for people
   * @param evidence the evidence, or null if there is none
   */
  public record JudgedGate(
      String gate,
      GateResult.Outcome outcome,
      @Nullable Figures figures,
      @Nullable Instant measuredAt,
      @Nullable Long ageSeconds,
      long maxAgeSeconds,
      String text,
      @Nullable KeptEvidence evidence) {

    /** Returns whether the gate held. */
    boolean held() {
      return outcome == GateResult.Outcome.HOLDS;
    }
  }

  /**
   * Stored evidence.
   *
   * @param record the name of its shared record
   * @param sha256 the hash of its canonical JSON
   * @param content the evidence, as it is stored
   */
  public record KeptEvidence(String record, String sha256, JsonNode content) {}

  /** Returns this certificate with the hash of its other fields. */
  Certificate sealed() {
    return with(hash());
  }

  /** Returns whether the hash belongs to the other fields. */
  @JsonIgnore
  public boolean isGenuine() {
    return sha256.equals(hash());
  }

  private String hash() {
    return StateJson.sha256(StateJson.canonical(with("")));
  }

  private Certificate with(String hash) {
    return new Certificate(
        format,
        table,
        subject,
        decidedAt,
        by,
        version,
        commit,
        phase,
        forced,
        limits,
        weakerLimits,
        gates,
        hash);
  }

  static JudgedGate judged(GateResult result, @Nullable KeptEvidence evidence, Instant now) {
    Finding finding = result.finding();
    return new JudgedGate(
        result.gate().label(),
        result.outcome(),
        result.figures(),
        finding == null ? null : finding.at(),
        finding == null ? null : finding.age(now).toSeconds(),
        result.maxAge().toSeconds(),
        result.text(),
        evidence);
  }
}
