// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.migration.certificate.Certificate;
import io.dimstore.migration.certificate.Certificates;
import io.dimstore.migration.gate.Evidence;
import io.dimstore.migration.gate.Finding;
import io.dimstore.migration.gate.Gate;
import io.dimstore.migration.gate.GateResult.Outcome;
import io.dimstore.migration.gate.Limits;
import io.dimstore.migration.phase.EvidenceLog;
import io.dimstore.migration.phase.MigrationState;
import io.dimstore.migration.phase.Phase;
import io.dimstore.migration.phase.StateJson;
import io.dimstore.migration.phase.StepResult;
import io.dimstore.migration.phase.StepRunner;
import io.dimstore.migration.phase.Transition;
import io.dimstore.migration.store.MapRecords;
import io.dimstore.mirror.control.KnownMode;
import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.ModeRecords;
import io.dimstore.spi.SharedRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A cut-over judges what was recorded, and refuses evidence that is missing, old or not genuine.
 */
class CutoverGatesTest {

  private static final String TABLE = "dim_user";
  private static final MigrationState.Subject SUBJECT =
      new MigrationState.Subject("hbase-redis:dim_user", "dynamodb:dim_user", "1");

  /** Gates that a cut-over measures itself. */
  private static final Set<Gate> MEASURED_AT_ONCE =
      EnumSet.of(Gate.INTENTS_DONE, Gate.SHADOW_READS_AGREE);

  private final Instant now = Instant.now();
  private final MapRecords records = new MapRecords();
  private final Table table = new Table();
  private final Map<Gate, Finding> findings = new LinkedHashMap<>();
  private MigrationState.Subject recordedAbout = SUBJECT;

  CutoverGatesTest() {
    put(Gate.VERIFIED, new Evidence.Verification(1_000, 0, 0, 0));
    put(Gate.REPLICATION_IN_TIME, new Evidence.Replication(0, List.of()));
    put(Gate.FAST_ENOUGH, new Evidence.Latency(10_000, 1, 1.1));
    put(Gate.NOT_THROTTLED, new Evidence.Throttling(100_000, 0));
    put(Gate.FEATURES_EQUAL, new Evidence.Replay(100, 0));
    put(Gate.ROLL_BACK_DRILLED, new Evidence.RollBackDrill(5));
    put(Gate.COST_AS_FORECAST, new Evidence.Cost(100, 100));
  }

  private void put(Gate gate, Evidence evidence) {
    findings.put(gate, new Finding(now, evidence, Map.of("for", "60s")));
  }

  @Test
  void goodEvidenceOfEveryGateLetsItPass() throws Exception {
    StepResult done = cutover(null);
    assertThat(done.succeeded()).as(done.text()).isTrue();
    assertThat(done.text()).contains("all gates held; certificate ");

    Certificate certificate = table.certificates().newest().orElseThrow();
    assertThat(table.certificates().check(certificate)).isEmpty();
    assertThat(certificate.forced()).isNull();
    assertThat(certificate.weakerLimits()).isEmpty();
    assertThat(certificate.gates()).hasSize(Gate.values().length);
    assertThat(certificate.gates())
        .allSatisfy(
            gate -> {
              assertThat(gate.outcome()).isEqualTo(Outcome.HOLDS);
              assertThat(gate.figures()).isNotNull();
              assertThat(gate.evidence()).isNotNull();
            });
  }

  @ParameterizedTest
  @EnumSource(Gate.class)
  void missingEvidenceIsRefused(Gate gate) throws Exception {
    findings.remove(gate);
    table.pending = gate == Gate.INTENTS_DONE ? 1 : 0;
    table.shadows = gate != Gate.SHADOW_READS_AGREE;
    refusedBy(gate, gate == Gate.INTENTS_DONE ? "1 keys" : "nothing was measured");
  }

  @ParameterizedTest
  @EnumSource(Gate.class)
  void oldEvidenceIsRefused(Gate gate) throws Exception {
    if (MEASURED_AT_ONCE.contains(gate)) {
      return;
    }
    Finding good = findings.get(gate);
    findings.put(
        gate,
        new Finding(
            now.minus(gate.maxAge(Limits.DEFAULT)).minusSeconds(1),
            good.evidence(),
            good.context()));
    refusedBy(gate, "valid for");
  }

  @ParameterizedTest
  @EnumSource(Gate.class)
  void evidenceAboutAnotherTableIsRefused(Gate gate) throws Exception {
    if (MEASURED_AT_ONCE.contains(gate)) {
      return;
    }
    recordedAbout = new MigrationState.Subject("hbase-redis:dim_item", "dynamodb:dim_item", "1");
    findings.put(gate, recorded(findings.get(gate)));
    recordedAbout = SUBJECT;
    refusedBy(gate, "the evidence is about hbase-redis:dim_item");
  }

  @ParameterizedTest
  @EnumSource(Gate.class)
  void evidenceWhoseRecordHasChangedIsRefused(Gate gate) throws Exception {
    if (MEASURED_AT_ONCE.contains(gate)) {
      return;
    }
    Finding good = recorded(findings.get(gate));
    findings.put(gate, good);
    SharedRecord record = read(good.recorded().record());
    assertThat(
            records
                .replace(record.name(), record.revision(), record.content().replace("60s", "61s"))
                .toCompletableFuture()
                .join())
        .isTrue();
    refusedBy(gate, "has SHA-256");
  }

  @ParameterizedTest
  @EnumSource(Gate.class)
  void evidenceThatOnlyTheStateHasIsRefused(Gate gate) throws Exception {
    if (MEASURED_AT_ONCE.contains(gate)) {
      return;
    }
    Finding good = findings.get(gate);
    findings.put(
        gate, good.recordedAs(new Finding.Recorded("migration/dim_user/evidence/00", "00")));
    refusedBy(gate, "is missing");
  }

  @ParameterizedTest
  @EnumSource(Gate.class)
  void evidenceThatTheStateStatesOtherwiseIsRefused(Gate gate) throws Exception {
    if (MEASURED_AT_ONCE.contains(gate)) {
      return;
    }
    Finding good = recorded(findings.get(gate));
    findings.put(
        gate,
        new Finding(good.at().plusSeconds(1), good.evidence(), good.context(), good.recorded()));
    refusedBy(gate, "the state differs from the record");
  }

  @Test
  void shadowReadsOfAnEarlierSeriesDoNotCount() throws Exception {
    table.shadows = false;
    put(Gate.SHADOW_READS_AGREE, new Evidence.ShadowReads(10_000_000, 0));
    refusedBy(Gate.SHADOW_READS_AGREE, "nothing was measured");
  }

  @Test
  void lagOfTheMomentReplacesThatOfThePreflight() throws Exception {
    table.lagMillis = 10_001L;
    refusedBy(Gate.REPLICATION_IN_TIME, "lag 10001 ms, limit 10000 ms");
  }

  @Test
  void reasonPassesAGateAndIsInTheCertificate() throws Exception {
    findings.remove(Gate.FEATURES_EQUAL);
    StepResult done = cutover("ticket 4711");
    assertThat(done.succeeded()).isTrue();
    assertThat(done.forced()).isEqualTo("ticket 4711");

    Certificate certificate = table.certificates().newest().orElseThrow();
    assertThat(certificate.forced()).isEqualTo("ticket 4711");
    assertThat(certificate.gates())
        .filteredOn(gate -> gate.outcome() != Outcome.HOLDS)
        .extracting(Certificate.JudgedGate::gate, Certificate.JudgedGate::outcome)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("features-equal", Outcome.NO_EVIDENCE));
    assertThat(table.certificates().check(certificate)).isEmpty();
  }

  @Test
  void noReasonPassesAForgedVerification() throws Exception {
    findings.put(
        Gate.VERIFIED,
        findings
            .get(Gate.VERIFIED)
            .recordedAs(new Finding.Recorded("migration/dim_user/evidence/00", "00")));
    StepResult refused = cutover("ticket 4711");
    assertThat(refused.succeeded()).isFalse();
    assertThat(refused.text()).contains("verified (not genuine: ");
  }

  @Test
  void noReasonPassesPendingWrites() throws Exception {
    table.pending = 7;
    StepResult refused = cutover("ticket 4711");
    assertThat(refused.succeeded()).isFalse();
    assertThat(refused.text())
        .isEqualTo("refused: intents-done (7 keys of writes wait for the other store)");
    assertThat(refused.forced()).isNull();
    assertThat(table.modes.read().toCompletableFuture().join().mode().primary())
        .isEqualTo(MirrorMode.Side.FROM);
    assertThat(table.certificates().newest()).isEmpty();
  }

  @Test
  void changedCertificateIsNotGenuine() throws Exception {
    assertThat(cutover(null).succeeded()).isTrue();
    Certificate good = table.certificates().newest().orElseThrow();
    String text = StateJson.indented(good);

    Certificate renamed = parse(text.replace("\"by\" : \"test\"", "\"by\" : \"other\""));
    assertThat(table.certificates().check(renamed))
        .anyMatch(problem -> problem.contains("SHA-256 of the certificate"))
        .anyMatch(problem -> problem.contains("No stored certificate"));

    SharedRecord evidence = read(good.gates().get(0).evidence().record());
    assertThat(
            records
                .replace(evidence.name(), evidence.revision(), "{}")
                .toCompletableFuture()
                .join())
        .isTrue();
    assertThat(table.certificates().check(good))
        .singleElement()
        .asString()
        .contains("of gate verified has changed");
  }

  @Test
  void certificateKeepsTheEvidenceAsItIsStored() throws Exception {
    assertThat(cutover(null).succeeded()).isTrue();
    Certificate certificate =
        parse(StateJson.indented(table.certificates().newest().orElseThrow()));
    assertThat(certificate.isGenuine()).isTrue();
    for (Certificate.JudgedGate gate : certificate.gates()) {
      JsonNode stored = new ObjectMapper().readTree(read(gate.evidence().record()).content());
      assertThat(gate.evidence().content()).as(gate.gate()).isEqualTo(stored);
      assertThat(stored.path("format").asText()).isEqualTo("dimstore-evidence/1");
      assertThat(stored.path("by").asText()).isEqualTo("test");
    }
  }

  private static Certificate parse(String text) {
    return StateJson.parse("certificate", text, Certificate.class);
  }

  private SharedRecord read(String name) {
    return records.read(name).toCompletableFuture().join().orElseThrow();
  }

  private void refusedBy(Gate gate, String why) throws Exception {
    StepResult refused = cutover(null);
    assertThat(refused.succeeded()).isFalse();
    assertThat(refused.text()).startsWith("refused: " + gate.label() + " (").contains(why);
    assertThat(Arrays.stream(Gate.values()).filter(one -> names(refused, one)))
        .containsExactly(gate);
    assertThat(table.modes.read().toCompletableFuture().join().mode().primary())
        .isEqualTo(MirrorMode.Side.FROM);
    assertThat(table.certificates().newest()).isEmpty();
  }

  private static boolean names(StepResult refused, Gate gate) {
    return refused.text().contains(gate.label() + " (");
  }

  @Test
  void noiseOfTheComparisonIsKeptWhenTheNextSeriesBegins() throws Exception {
    StepRunner runner =
        new StepRunner(records, TABLE, "test", InstantSource.system(), Duration.ofSeconds(15));
    runner.plan(
        new MigrationState.Plan(SUBJECT, Duration.ofMillis(1), Map.of(), Limits.DEFAULT),
        "planned");
    runner.run(Transition.PREFLIGHT, (state, owner) -> StepResult.reached(Phase.VERIFIED, "ready"));
    Steps steps = new Steps(table, InstantSource.system());
    KnownMode mode = table.modes.read().toCompletableFuture().join();
    MirrorMode mirrored = mode.mode().withOther(MirrorMode.Other.WRITTEN);
    assertThat(table.modes.change(mode, mirrored).toCompletableFuture().join()).isTrue();

    runner.run(
        Transition.SHADOW, "noise", steps::mode, steps.shadow(100, MirrorMode.ShadowWith.PRIMARY));
    assertThat(shadowGate(runner, steps)).startsWith("nothing was measured; compared with itself");
    StepResult next =
        runner.run(
            Transition.SHADOW,
            "other",
            steps::mode,
            steps.shadow(100, MirrorMode.ShadowWith.OTHER));

    assertThat(next.text()).contains("the deciding store differed in 0 of 10000000 lookups");
    assertThat(shadowGate(runner, steps))
        .startsWith("0 of 10000000 lookups differ")
        .endsWith("; compared with itself, the deciding store differed in 0 of 10000000 lookups");
  }

  private static String shadowGate(StepRunner runner, Steps steps) throws Exception {
    return steps.gates(runner.state().orElseThrow()).stream()
        .filter(result -> result.gate() == Gate.SHADOW_READS_AGREE)
        .findFirst()
        .orElseThrow()
        .text();
  }

  private Finding recorded(Finding finding) throws Exception {
    return new EvidenceLog(records, TABLE, "test").record(recordedAbout, List.of(finding)).get(0);
  }

  /** Brings a migration to the phase before, with the findings, and cuts over. */
  private StepResult cutover(String force) throws Exception {
    StepRunner runner =
        new StepRunner(records, TABLE, "test", InstantSource.system(), Duration.ofSeconds(15));
    runner.plan(
        new MigrationState.Plan(SUBJECT, Duration.ofMillis(1), Map.of(), Limits.DEFAULT),
        "planned");
    runner.run(
        Transition.PREFLIGHT,
        (state, owner) ->
            StepResult.reached(Phase.VERIFIED, "ready", findings.values().toArray(Finding[]::new)));
    KnownMode mode = table.modes.read().toCompletableFuture().join();
    MirrorMode mirrored =
        mode.mode()
            .withOther(MirrorMode.Other.WRITTEN)
            .withShadow(100, MirrorMode.ShadowWith.OTHER, "s");
    assertThat(table.modes.change(mode, mirrored).toCompletableFuture().join()).isTrue();
    Steps steps = new Steps(table, InstantSource.system());
    return runner.run(Transition.CUTOVER, "", steps::mode, steps.cutover(force));
  }

  /** A mirrored table without stores. */
  private final class Table implements MirroredTable {

    final ModeRecords modes = new ModeRecords(records, null, TABLE);
    long pending;
    boolean shadows = true;
    Long lagMillis;

    @Override
    public ModeRecords modes() {
      return modes;
    }

    @Override
    public Duration propagation() {
      return Duration.ofMillis(1);
    }

    @Override
    public void pause(Duration time, String reason) {}

    @Override
    public void reconcile() {}

    @Override
    public EvidenceLog evidence() {
      return new EvidenceLog(records, TABLE, "test");
    }

    @Override
    public Certificates certificates() {
      return new Certificates(records, TABLE, "test");
    }

    @Override
    public Optional<Finding> replication(MigrationState state) {
      return lagMillis == null
          ? Optional.empty()
          : Optional.of(new Finding(Instant.now(), new Evidence.Replication(lagMillis, List.of())));
    }

    @Override
    public long pending() {
      return pending;
    }

    @Override
    public Optional<Finding> shadowReads(String series, Instant notBefore) {
      return shadows
          ? Optional.of(new Finding(Instant.now(), new Evidence.ShadowReads(10_000_000, 0)))
          : Optional.empty();
    }
  }
}
