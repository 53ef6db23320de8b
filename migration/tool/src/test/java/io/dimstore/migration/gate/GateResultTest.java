// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.migration.gate.GateResult.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GateResultTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  /** Evidence that just meets the default limits. */
  private static final Map<Gate, Evidence> GOOD =
      Map.of(
          Gate.VERIFIED, new Evidence.Verification(1_000_000, 0, 0, 0),
          Gate.SHADOW_READS_AGREE, new Evidence.ShadowReads(3_000_000, 0),
          Gate.INTENTS_DONE, new Evidence.OpenIntents(0),
          Gate.REPLICATION_IN_TIME, new Evidence.Replication(10_000, List.of()),
          Gate.FAST_ENOUGH, new Evidence.Latency(10_000, 1.2, 1.3),
          Gate.NOT_THROTTLED, new Evidence.Throttling(100_000, 9),
          Gate.FEATURES_EQUAL, new Evidence.Replay(1, 0),
          Gate.ROLL_BACK_DRILLED, new Evidence.RollBackDrill(12),
          Gate.COST_AS_FORECAST, new Evidence.Cost(115, 100));

  /** Evidence that just misses them. */
  private static final Map<Gate, List<Evidence>> BAD =
      Map.of(
          Gate.VERIFIED,
          List.of(
              new Evidence.Verification(1_000_000, 1, 0, 0), new Evidence.Verification(0, 0, 0, 0)),
          Gate.SHADOW_READS_AGREE,
          List.of(
              new Evidence.ShadowReads(2_900_000, 0),
              new Evidence.ShadowReads(4_700_000, 1),
              new Evidence.ShadowReads(0, 0)),
          Gate.INTENTS_DONE,
          List.of(new Evidence.OpenIntents(1)),
          Gate.REPLICATION_IN_TIME,
          List.of(
              new Evidence.Replication(10_001, List.of()),
              new Evidence.Replication(0, List.of("dim_user:f"))),
          Gate.FAST_ENOUGH,
          List.of(
              new Evidence.Latency(10_000, 1.21, 1.3),
              new Evidence.Latency(9_999, 1, 1),
              new Evidence.Latency(0, 1, 1)),
          Gate.NOT_THROTTLED,
          List.of(
              new Evidence.Throttling(100_000, 10),
              new Evidence.Throttling(9_999, 0),
              new Evidence.Throttling(0, 0)),
          Gate.FEATURES_EQUAL,
          List.of(new Evidence.Replay(100, 1), new Evidence.Replay(0, 0)),
          Gate.ROLL_BACK_DRILLED,
          List.of(),
          Gate.COST_AS_FORECAST,
          List.of(
              new Evidence.Cost(115.1, 100),
              new Evidence.Cost(84.9, 100),
              new Evidence.Cost(0, 0)));

  @Test
  void allGatesHoldOnGoodEvidence() {
    assertThat(judge(findings(GOOD.values(), NOW))).allMatch(GateResult::holds);
  }

  @Test
  void noGateHoldsWithoutEvidence() {
    assertThat(judge(List.of()))
        .extracting(GateResult::outcome)
        .hasSize(Gate.values().length)
        .containsOnly(Outcome.NO_EVIDENCE);
  }

  @ParameterizedTest
  @EnumSource(Gate.class)
  void gateFailsAloneOnItsBadEvidence(Gate gate) {
    for (Evidence bad : BAD.getOrDefault(gate, List.of())) {
      List<Finding> findings = new ArrayList<>(findings(GOOD.values(), NOW));
      findings.removeIf(finding -> gate.evidence().isInstance(finding.evidence()));
      findings.add(new Finding(NOW, bad));
      assertThat(judge(findings))
          .as("%s", bad)
          .filteredOn(result -> !result.holds())
          .extracting(GateResult::gate, GateResult::outcome)
          .containsExactly(org.assertj.core.groups.Tuple.tuple(gate, Outcome.FAILS));
    }
  }

  @ParameterizedTest
  @EnumSource(Gate.class)
  void evidenceIsValidForItsTimeAndNotAMillisecondLonger(Gate gate) {
    Instant last = NOW.minus(gate.maxAge(Limits.DEFAULT));
    assertThat(one(gate, last).outcome()).isEqualTo(Outcome.HOLDS);
    assertThat(one(gate, last.minusMillis(1)).outcome()).isEqualTo(Outcome.OUTDATED);
  }

  /** 3 million comparisons show a share below 10^-6: 35 a second for a day, 830 for an hour. */
  @Test
  void lookupsAreComparedForAsLongAsAVerificationIsValid() {
    assertThat(Gate.SHADOW_READS_AGREE.maxAge(Limits.DEFAULT)).isEqualTo(Duration.ofHours(24));
  }

  @Test
  void evidenceOfAClockThatIsAheadDoesNotCount() {
    assertThat(one(Gate.VERIFIED, NOW.plusSeconds(5)).outcome()).isEqualTo(Outcome.HOLDS);
    assertThat(one(Gate.VERIFIED, NOW.plusSeconds(6)).outcome()).isEqualTo(Outcome.OUTDATED);
  }

  @Test
  void newestEvidenceDecidesWhateverTheOrder() {
    Finding bad = new Finding(NOW, new Evidence.OpenIntents(3));
    Finding good = new Finding(NOW.minus(Duration.ofMinutes(1)), new Evidence.OpenIntents(0));
    for (List<Finding> order : List.of(List.of(bad, good), List.of(good, bad))) {
      assertThat(judge(order))
          .filteredOn(result -> result.gate() == Gate.INTENTS_DONE)
          .extracting(GateResult::outcome)
          .containsExactly(Outcome.FAILS);
    }
  }

  @Test
  void everyKindOfEvidenceHasAGateButTheNoise() {
    assertThat(Arrays.stream(Gate.values()).map(Gate::evidence))
        .containsExactlyInAnyOrderElementsOf(
            List.of(Evidence.class.getPermittedSubclasses()).stream()
                .filter(type -> type != Evidence.ShadowNoise.class)
                .<Class<? extends Evidence>>map(type -> type.asSubclass(Evidence.class))
                .toList());
  }

  @Test
  void noiseIsShownBesideTheShadowReadsAndJudgedByNoGate() {
    Finding noise = new Finding(NOW, new Evidence.ShadowNoise(500, 2));
    Finding reads = new Finding(NOW, new Evidence.ShadowReads(3_000_000, 0));
    for (GateResult result : judge(List.of(noise, reads))) {
      if (result.gate() == Gate.SHADOW_READS_AGREE) {
        assertThat(result.outcome()).isEqualTo(Outcome.HOLDS);
        assertThat(result.text())
            .endsWith("compared with itself, the deciding store differed in 2 of 500 lookups");
      } else {
        assertThat(result.outcome()).isEqualTo(Outcome.NO_EVIDENCE);
      }
    }
  }

  private static GateResult one(Gate gate, Instant at) {
    return judge(List.of(new Finding(at, GOOD.get(gate)))).stream()
        .filter(result -> result.gate() == gate)
        .findFirst()
        .orElseThrow();
  }

  private static List<Finding> findings(java.util.Collection<Evidence> evidence, Instant at) {
    return evidence.stream().map(one -> new Finding(at, one)).toList();
  }

  private static List<GateResult> judge(List<Finding> findings) {
    return GateResult.all(findings, Limits.DEFAULT, NOW);
  }
}
