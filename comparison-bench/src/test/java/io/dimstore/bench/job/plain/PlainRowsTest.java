// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.job.plain;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.bench.compare.oracle.Expected;
import io.dimstore.bench.compare.oracle.InputData;
import io.dimstore.bench.compare.oracle.InputData.Encoded;
import io.dimstore.bench.compare.process.ArmSql;
import io.dimstore.cli.Progress;
import io.dimstore.events.generate.GeneratedInput;
import io.dimstore.events.generate.GeneratorOptions;
import io.dimstore.events.record.UserChange;
import io.dimstore.features.input.EventDecoder;
import io.dimstore.features.input.ParsedEvent;
import io.dimstore.features.lookback.LookBackTable;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlainRowsTest {

  @Test
  void rowsAreThoseOfTheOracleWithTiesLateEventsReturnsAndAbsentDimensions() throws Exception {
    InputData input =
        InputData.read(
            GeneratedInput.of(GeneratorOptions.defaults().withSeed(3).withCount(4_000)),
            new Progress(new PrintWriter(Writer.nullWriter())));
    Expected expected =
        Expected.of(input, ArmSql.LATENESS, new Progress(new PrintWriter(Writer.nullWriter())));
    PlainDimensions dimensions = PlainDimensions.of(changes(input, true), changes(input, false));
    EventDecoder decoder = new EventDecoder(Duration.ofMinutes(5));
    LookBackTable lookBacks = new LookBackTable(ArmSql.LATENESS);
    PlainRows rows = new PlainRows();
    int absent = 0;

    for (Encoded encoded : input.events()) {
      ParsedEvent event = decoder.decode(encoded.value(), System.currentTimeMillis());
      assertThat(lookBacks.add(event)).isEqualTo(expected.risk().containsKey(event.eventId()));
      if (!expected.risk().containsKey(event.eventId())) {
        continue;
      }
      PlainDimensions.User user = dimensions.user(event.userId());
      PlainDimensions.Item item = dimensions.item(event.itemId());
      absent += user == null || item == null ? 1 : 0;
      assertRow(rows.risk(event, lookBacks, user, item), expected.risk().get(event.eventId()));
      assertRow(
          rows.marketing(event, lookBacks, user, item), expected.marketing().get(event.eventId()));
    }

    assertThat(absent).as("some rows are missing on purpose").isPositive();
  }

  private static List<byte[]> changes(InputData input, boolean ofUsers) {
    return input.changes().stream()
        .filter(change -> change.record() instanceof UserChange == ofUsers)
        .map(Encoded::value)
        .toList();
  }

  private static void assertRow(byte[] row, byte[] expected) {
    assertThat(new String(row, StandardCharsets.UTF_8))
        .isEqualTo(new String(expected, StandardCharsets.UTF_8));
  }
}
