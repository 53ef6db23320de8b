// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.dimstore.events.Inputs;
import io.dimstore.events.record.Event;
import io.dimstore.events.record.EventType;
import io.dimstore.events.record.ItemChange;
import io.dimstore.events.record.RefusedLine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserBehaviorMappingTest {

  @TempDir Path directory;

  @Test
  void aLineShowsItsItemAndThenItsEvent() throws IOException {
    Inputs inputs = read("1,2268318,2520377,pv,1511544070");

    assertThat(inputs.records())
        .containsExactly(
            ItemChange.upsert(
                "2268318", null, "2520377", null, 1_511_544_070_000L, 1_511_544_070_000L),
            new Event("1", "1", "2268318", EventType.VIEW, 1, 0, 1_511_544_070_000L));
  }

  @ParameterizedTest
  @CsvSource({"pv, VIEW", "fav, FAVORITE", "cart, CART", "buy, BUY"})
  void behavioursAreEventTypes(String behaviour, EventType type) throws IOException {
    assertThat(read("1,2,3," + behaviour + ",10").events())
        .extracting(Event::type)
        .containsExactly(type);
  }

  @Test
  void anItemChangesWithItsCategoryAlone() throws IOException {
    Inputs inputs = read("1,2,3,pv,10", "2,2,3,buy,11", "3,2,4,pv,11", "1,2,3,pv,10", "1,2,,pv,12");

    assertThat(inputs.itemChanges())
        .extracting(ItemChange::category, ItemChange::version)
        .containsExactly(
            tuple("3", 10_000L), tuple("4", 11_000L), tuple("3", 11_001L), tuple(null, 12_000L));
    assertThat(inputs.userChanges()).isEmpty();
    assertThat(inputs.events()).hasSize(5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user_id,item_id,category_id,behavior_type,timestamp",
        "User_ID,Item_ID,Category_ID,Behavior,Timestamp",
        "\"user\",\"item\",\"category\",\"behavior\",\"time\""
      })
  void aHeaderIsNoLine(String header) throws IOException {
    Inputs inputs = read(header, "1,2,3,pv,10");

    assertThat(inputs.report().linesRead()).isEqualTo(1);
    assertThat(inputs.events()).extracting(Event::eventId).containsExactly("1");
    assertThat(inputs.refused()).isEmpty();
  }

  @Test
  void aFirstLineWithAnUnreadableTimeIsNoHeader() throws IOException {
    assertThat(read("1,2,3,pv,yesterday", "1,2,3,pv,10").refused())
        .containsExactly(new RefusedLine(1, "unreadable-timestamp", "1,2,3,pv,yesterday"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ",2,3,pv,10                | missing-user",
        "1,,3,pv,10                | missing-item",
        "1,2,3,,10                 | missing-behavior",
        "1,2,3,PV,10               | unreadable-behavior",
        "1,2,3,pv,                 | missing-timestamp",
        "1,2,3,pv,1.5              | unreadable-timestamp",
        "1,2,3,pv,-1               | impossible-time",
        "1,2,3,pv,253402300800     | impossible-time",
        "1,2,3,pv,9223372036854775807 | impossible-time",
        "1,2,3,pv                  | unreadable-line"
      })
  void aLineThatCannotBeAnEventIsRefused(String line, String reason) throws IOException {
    Inputs inputs = read("9,9,9,pv,9", line);

    assertThat(inputs.refused()).containsExactly(new RefusedLine(2, reason, line));
    assertThat(inputs.report().refused()).isEqualTo(Map.of(reason, 1L));
  }

  @Test
  void theLastPossibleSecondIsAccepted() throws IOException {
    assertThat(read("1,2,3,pv,253402300799").events()).hasSize(1);
  }

  private Inputs read(String... lines) throws IOException {
    return Inputs.readLines(directory, ReplayFormat.USER_BEHAVIOR, lines);
  }
}
