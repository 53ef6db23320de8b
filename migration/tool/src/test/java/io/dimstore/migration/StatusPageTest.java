// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.migration.gate.Evidence;
import io.dimstore.migration.gate.Finding;
import io.dimstore.migration.gate.Gate;
import io.dimstore.migration.gate.GateResult;
import io.dimstore.migration.gate.Limits;
import io.dimstore.migration.phase.LogEntry;
import io.dimstore.migration.phase.MigrationState;
import io.dimstore.migration.phase.Phase;
import io.dimstore.migration.phase.Transition;
import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.MirrorMode.Other;
import io.dimstore.mirror.control.MirrorMode.ShadowWith;
import io.dimstore.mirror.control.MirrorMode.Side;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page says what an operator asks: how far it is, what is missing, and what it costs. */
class StatusPageTest {

  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  @TempDir Path folder;

  @Test
  void pageShowsPhaseProgressGatesLagUnitsAndDollars() throws Exception {
    String page = page();

    assertThat(page).contains("<h1>Migration of dim_user</h1>");
    assertThat(page)
        .contains("<li class=\"past\">verified</li><li class=\"now\">ramping</li>")
        .contains("<li class=\"next\">cut-over</li>");
    assertThat(fact(page, "phase")).startsWith("ramping: the old store decides writes");
    assertThat(fact(page, "since")).isEqualTo("2026-11-20 09:00:00 UTC");
    assertThat(fact(page, "from")).isEqualTo("hbase-redis:dim_user");
    assertThat(fact(page, "to")).isEqualTo("dynamodb:dim_user");
    assertThat(fact(page, "decides")).isEqualTo("the old store");
    assertThat(fact(page, "lookups from the new store")).isEqualTo("25.00 %");
    assertThat(fact(page, "shadow reads")).isEqualTo("5.00 %");
    assertThat(fact(page, "pending writes")).isEqualTo("3 keys");

    assertThat(fact(page, "replication")).isEqualTo("lag 1234 ms, limit 10000 ms");

    // 250,000 of a million rows in 10 minutes; 16 of 64 splits in an hour.
    assertThat(page)
        .contains("Step verify, by ann since 2026-11-20 11:45:00 UTC")
        .contains(
            "250,000 of 1,000,000 rows read from both stores, about 30 min left at the rate so far")
        .contains("style=\"width:25.0%\"")
        .contains("16 of 64 splits copied by the backfill, about 3 h left at the rate so far")
        .contains("4,000,000 rows and tombstones copied, 2 could not be copied");

    assertThat(page).contains("5 of 9 gates do not hold.");
    assertThat(page)
        .contains("<section class=\"gate good\"><h3>\u2713 verified</h3>")
        .contains("<section class=\"gate good\"><h3>\u2713 replication-in-time</h3>")
        .contains("<section class=\"gate good\"><h3>\u2713 cost-as-forecast</h3>")
        .contains("<section class=\"gate bad\"><h3>\u2717 features-equal</h3>")
        .contains("nothing was measured; next: bin/dimstore migrate replay")
        .contains("3 keys of writes wait for the other store; next: bin/dimstore migrate status");
    for (Gate gate : Gate.values()) {
      assertThat(page).contains(" " + gate.label() + "</h3>");
    }

    assertThat(fact(page, "a month, on demand")).isEqualTo("1,234.50 dollars; forecast 1,200.00");
    assertThat(fact(page, "lookups")).isEqualTo("1500 per second (observed), 0.5 units each");
    assertThat(fact(page, "writes")).isEqualTo("20 per second (the forecast), 1.25 units each");

    assertThat(page).contains("<td>ann</td><td>25 % of the keys; forced: ticket 4711</td>");
    assertThat(page).doesNotContain("http").doesNotContain("src=").doesNotContain("<link");
  }

  @Test
  void tableShowsTimeLeftUnitsAndDollars() {
    StringWriter out = new StringWriter();
    StatusCommand.print(new PrintWriter(out, true), status());
    assertThat(out.toString().lines())
        .contains(
            "  250,000 of 1,000,000 rows read from both stores, about 30 min left",
            "  backfill: 16 of 64 splits, 4,000,000 entries copied, 2 not copied, about 3 h left",
            "  a month, on demand: 1,234.50 dollars; forecast 1,200.00",
            "  lookups: 1500 per second (observed), 0.5 units each",
            "  writes: 20 per second (the forecast), 1.25 units each");
    assertThat(out.toString())
        .contains("; lookups a second from observed, writes a second from the forecast");
  }

  private String page() throws Exception {
    Path file = folder.resolve("status.html");
    StatusPage.write(status(), file);
    return Files.readString(file);
  }

  private static StatusCommand.Status status() {
    Limits limits = Limits.DEFAULT;
    List<Finding> findings =
        List.of(
            new Finding(NOW.minusSeconds(600), new Evidence.Verification(1_000_000, 0, 0, 0)),
            new Finding(NOW, new Evidence.OpenIntents(3)),
            new Finding(NOW, new Evidence.Replication(1_234, List.of())),
            new Finding(NOW.minusSeconds(60), new Evidence.Throttling(50_000, 0)),
            new Finding(
                NOW.minusSeconds(60),
                new Evidence.Cost(1_234.5, 1_200),
                Map.of(
                    "lookupsPerSecond", "1500.0000",
                    "lookupsFrom", "observed",
                    "readUnitsPerLookup", "0.5000",
                    "writesPerSecond", "20.0000",
                    "writesFrom", "the forecast",
                    "writeUnitsPerWrite", "1.2500")));
    MigrationState state =
        new MigrationState(
            1,
            "dim_user",
            new MigrationState.Subject("hbase-redis:dim_user", "dynamodb:dim_user", "1"),
            Duration.ofSeconds(20),
            Map.of(),
            3,
            0,
            Phase.RAMPING,
            NOW.minus(Duration.ofHours(3)),
            6,
            5,
            limits,
            findings,
            7,
            new MigrationState.Step(
                Transition.VERIFY,
                "id",
                "ann",
                NOW.minus(Duration.ofMinutes(15)),
                4,
                "",
                "",
                new MigrationState.Progress(
                    "rows read from both stores",
                    250_000,
                    1_000_000,
                    NOW.minus(Duration.ofMinutes(10)))));
    BackfillState backfill =
        new BackfillState(
            64, 16, 4_000_000, 2, NOW.minus(Duration.ofHours(1)), NOW.minusSeconds(2), 3 * 3_600L);
    return new StatusCommand.Status(
        NOW,
        state,
        new MirrorMode(Side.FROM, Other.WRITTEN, 2_500, 500, ShadowWith.OTHER, "s"),
        3,
        backfill,
        GateResult.all(findings, limits, NOW),
        List.of(
            new LogEntry(
                7,
                NOW.minusSeconds(900),
                Transition.RAMP,
                "ann",
                Phase.VERIFIED,
                Phase.RAMPING,
                true,
                "25 % of the keys",
                "ticket 4711")));
  }

  /** Returns the value of a line of a table of facts. */
  private static String fact(String page, String name) {
    String begin = "<tr><th>" + name + "</th><td>";
    assertThat(page).contains(begin);
    int at = page.indexOf(begin) + begin.length();
    return page.substring(at, page.indexOf("</td>", at));
  }
}
