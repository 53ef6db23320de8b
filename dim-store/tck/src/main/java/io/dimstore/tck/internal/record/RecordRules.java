// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreException;
import io.dimstore.tck.harness.Provocation;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** S1: shared records are linearizable. */
public abstract class RecordRules {

  private final Kit kit;

  public RecordRules(Kit kit) {
    this.kit = kit;
  }

  @Test
  void s1aReadSeesTheLastReplacementThroughAnotherStore() {
    String name = kit.recordName("seen");
    Records.with(
        kit,
        kit.store(),
        records -> {
          Records reader = Records.of(kit, kit.open(Map.of()));
          assertThat(reader.read(name)).isNull();
          for (int revision = 1; revision <= 3; revision++) {
            records.replace(name, revision - 1, "v" + revision);
            assertThat(reader.read(name))
                .isEqualTo(new SharedRecord(name, revision, "v" + revision));
          }
        });
  }

  @Test
  void s1bReplacementNeedsTheExpectedRevision() {
    String name = kit.recordName("guarded");
    Records.with(
        kit,
        kit.store(),
        records -> {
          assertThat(records.replace(name, 1, "no")).as("an absent record at revision 1").isFalse();
          assertThat(records.replace(name, 0, "first")).as("an absent record").isTrue();
          assertThat(records.replace(name, 0, "no")).as("an existing record as absent").isFalse();
          assertThat(records.replace(name, 2, "no")).as("a revision too new").isFalse();
          assertThat(records.replace(name, 1, "second")).as("the present revision").isTrue();
          assertThat(records.replace(name, 1, "no")).as("a revision too old").isFalse();
          assertThat(records.read(name)).isEqualTo(new SharedRecord(name, 2, "second"));
        });
  }

  @Test
  void s1cOneOfConcurrentReplacementsSucceeds() {
    Records.with(
        kit,
        kit.store(),
        records -> {
          SharedRecords other = Records.of(kit, kit.open(Map.of())).records();
          for (int round = 0; round < 5; round++) {
            String name = kit.recordName("contended" + round);
            List<CompletionStage<Boolean>> attempts = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
              SharedRecords through = i % 2 == 0 ? records.records() : other;
              attempts.add(through.replace(name, 0, "writer" + i));
            }
            List<Integer> winners = new ArrayList<>();
            for (int i = 0; i < attempts.size(); i++) {
              if (kit.answers().await(attempts.get(i))) {
                winners.add(i);
              }
            }
            assertThat(winners).as("successful replacements of an absent record").hasSize(1);
            assertThat(records.read(name))
                .isEqualTo(new SharedRecord(name, 1, "writer" + winners.get(0)));
          }
        });
  }

  @Test
  void s1dReplacementWhoseAnswerWasLostIsNotReportedAsRefused() {
    if (!Records.areDeclared(kit)) {
      return;
    }
    String name = kit.recordName("lost");
    kit.provoked(
        Provocation.ANSWERS_LOST,
        kit.rows(),
        Map.of(),
        (through, end) -> {
          boolean answered = false;
          try {
            answered = Records.of(kit, through.store()).replace(name, 0, "mine");
            assertThat(answered).as("the replacement of a record that no one else writes").isTrue();
          } catch (StoreException e) {
            assertThat(e.kind().isRetryable()).as("%s", e).isTrue();
          }
          end.run();
          SharedRecord mine = new SharedRecord(name, 1, "mine");
          SharedRecord found = Records.of(kit, kit.store()).read(name);
          if (answered || found != null) {
            assertThat(found).isEqualTo(mine);
          }
        });
  }

  @Test
  void s1eNamesAndContentsComeBackEqual() {
    Records.with(
        kit,
        kit.store(),
        records -> {
          String name = kit.recordName("A-Za-z0-9._:/%+=@*-");
          String longest = name + "x".repeat(SharedRecords.MAX_NAME - name.length());
          List<String> contents =
              List.of(
                  "",
                  " two\nlines\t\u0000\u20ac \ud83d\ude00 \"quoted\" ",
                  "c".repeat(SharedRecords.MAX_CONTENT_BYTES));
          for (int i = 0; i < contents.size(); i++) {
            for (String each : List.of(name + i, i + longest.substring(1))) {
              assertThat(records.replace(each, 0, contents.get(i))).isTrue();
              assertThat(records.read(each)).isEqualTo(new SharedRecord(each, 1, contents.get(i)));
            }
          }
        });
  }
}
