// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.data.Percentage.withPercentage;

import io.dimstore.events.Inputs;
import io.dimstore.events.input.InputReport;
import io.dimstore.events.record.ChangeOp;
import io.dimstore.events.record.Event;
import io.dimstore.events.record.EventTimes;
import io.dimstore.events.record.EventType;
import io.dimstore.events.record.ItemChange;
import io.dimstore.events.record.StreamRecord;
import io.dimstore.events.record.UserChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GeneratorTest {

  private static final GeneratorOptions OPTIONS =
      GeneratorOptions.defaults()
          .withCount(20_000)
          .withKeys(new GeneratorOptions.Keys(500, 200, 1.0, 1.0));

  private final Inputs inputs = Inputs.readAll(GeneratedInput.of(OPTIONS));

  @Test
  void theSameOptionsMakeTheSameBytes() {
    assertThat(Inputs.readAll(GeneratedInput.of(OPTIONS))).isEqualTo(inputs);
  }

  @Test
  void theBytesAreTheSameOnEveryMachineAndInEveryVersion() {
    assertThat(inputs.report().sha256())
        .isEqualTo("cebdbb8de6c82f909cd0df4b30f5f5ca61598e749b8284c777f5e569584bce11");
  }

  @Test
  void theBytesDependOnNeitherLocaleNorTimeZone() {
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
      assertThat(Inputs.readAll(GeneratedInput.of(OPTIONS)).report()).isEqualTo(inputs.report());
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void anotherSeedMakesOtherBytes() {
    assertThat(Inputs.readAll(GeneratedInput.of(OPTIONS.withSeed(2))).report().sha256())
        .isNotEqualTo(inputs.report().sha256());
  }

  @Test
  void aLargerCountContinuesTheStream() {
    List<StreamRecord> longer =
        Inputs.readAll(GeneratedInput.of(OPTIONS.withCount(21_000))).records();

    assertThat(longer.subList(0, inputs.records().size())).isEqualTo(inputs.records());
    assertThat(longer).hasSizeGreaterThan(inputs.records().size() + 1_000);
  }

  @Test
  void countsAreThoseOfTheRecords() {
    InputReport report = inputs.report();

    assertThat(report.linesRead()).isEqualTo(20_000);
    assertThat(report.events()).isEqualTo(20_000).isEqualTo(inputs.events().size());
    assertThat(report.userChanges()).isEqualTo(inputs.userChanges().size());
    assertThat(report.itemChanges()).isEqualTo(inputs.itemChanges().size());
    assertThat(report.refused()).isEmpty();
    assertThat(inputs.events()).extracting(Event::eventId).doesNotHaveDuplicates();
  }

  @Test
  void everyItemAndEveryUserWithARowHasItBeforeItsFirstEvent() {
    Set<String> users = new HashSet<>();
    Set<String> items = new HashSet<>();
    Set<String> rowless = new HashSet<>();
    for (StreamRecord record : inputs.records()) {
      if (record instanceof UserChange change) {
        assertThat(rowless).doesNotContain(change.userId());
        users.add(change.userId());
      } else if (record instanceof ItemChange change) {
        items.add(change.itemId());
      } else if (record instanceof Event event) {
        assertThat(items).contains(event.itemId());
        if (!users.contains(event.userId())) {
          rowless.add(event.userId());
        }
      }
    }
    assertThat(rowless).hasSizeBetween(1, 30);
    assertThat(users).hasSizeGreaterThan(400);
  }

  @Test
  void rowsChangeAreDeletedAndComeBack() {
    Map<String, ChangeOp> last = new HashMap<>();
    int changed = 0;
    int deleted = 0;
    int backAgain = 0;
    for (StreamRecord record : inputs.records()) {
      ChangeOp op =
          record instanceof UserChange user
              ? user.op()
              : record instanceof ItemChange item ? item.op() : null;
      if (op != null) {
        String key = record.getClass().getSimpleName() + record.key();
        ChangeOp before = last.put(key, op);
        assertThat(op == ChangeOp.DELETE && before != ChangeOp.UPSERT).isFalse();
        changed += before == null ? 0 : 1;
        deleted += op == ChangeOp.DELETE ? 1 : 0;
        backAgain += before == ChangeOp.DELETE ? 1 : 0;
      }
    }
    // 2 % of the events change their user and 2 % their item; 5 % of these changes are deletes.
    assertThat(changed).isBetween(600, 1_000);
    assertThat(deleted).isBetween(15, 80);
    assertThat(backAgain).isPositive();
  }

  @Test
  void versionsRiseStrictlyPerKey() {
    Map<String, Long> users = new HashMap<>();
    inputs.userChanges().forEach(change -> rises(users, change.userId(), change.version()));
    Map<String, Long> items = new HashMap<>();
    inputs.itemChanges().forEach(change -> rises(items, change.itemId(), change.version()));
  }

  private static void rises(Map<String, Long> versions, String key, long version) {
    Long before = versions.put(key, version);
    assertThat(before == null || before < version).isTrue();
  }

  @Test
  void someFieldsAreNull() {
    assertThat(inputs.userChanges())
        .filteredOn(change -> change.op() == ChangeOp.UPSERT)
        .anyMatch(change -> change.country() == null)
        .anyMatch(change -> change.level() == null)
        .anyMatch(change -> change.country() != null && change.level() != null);
    assertThat(inputs.itemChanges())
        .filteredOn(change -> change.op() == ChangeOp.UPSERT)
        .allMatch(change -> change.title() != null)
        .anyMatch(change -> change.category() == null)
        .anyMatch(change -> change.listPrice() == null)
        .anyMatch(change -> change.category() != null && change.listPrice() != null);
  }

  @Test
  void everyTypeOccursAndReturnsHaveTheirShare() {
    Map<EventType, Long> counts =
        inputs.events().stream().collect(Collectors.groupingBy(Event::type, Collectors.counting()));

    assertThat(counts).containsOnlyKeys(EventType.values());
    assertThat(counts.get(EventType.RETURN)).isBetween(500L, 700L);
  }

  @Test
  void onlyEventsWithoutAPriceHaveNoAmount() {
    assertThat(inputs.events())
        .allMatch(
            event ->
                (event.type() == EventType.VIEW || event.type() == EventType.FAVORITE)
                    ? event.quantity() == 1 && event.amount() == 0
                    : event.quantity() >= 1 && event.amount() > 0);
  }

  @Test
  void lateEventsAreBehindTheNewestByTheBoundAtMost() {
    long bound = OPTIONS.times().lateBy().toMillis();
    long newest = Long.MIN_VALUE;
    long furthest = 0;
    int late = 0;
    for (Event event : inputs.events()) {
      if (event.timeMillis() < newest) {
        late++;
        furthest = Math.max(furthest, newest - event.timeMillis());
      }
      newest = Math.max(newest, event.timeMillis());
    }
    assertThat(furthest).isBetween(bound * 9 / 10, bound);
    assertThat(late).isBetween(300, 600);
  }

  @Test
  void someEventsAreOlderThanThePreviousOneOfTheirUserAndSomeAreTies() {
    Map<String, Long> lastTime = new HashMap<>();
    int older = 0;
    int ties = 0;
    for (Event event : inputs.events()) {
      Long before = lastTime.put(event.userId(), event.timeMillis());
      older += before != null && event.timeMillis() < before ? 1 : 0;
      ties += before != null && event.timeMillis() == before ? 1 : 0;
    }
    assertThat(older).isGreaterThan(50);
    assertThat(ties).isBetween(800, 1_300);
  }

  @Test
  void usersAndItemsFollowZipf() {
    assertThat(frequencies(inputs.events().stream().map(Event::userId).toList()).get(0))
        .isCloseTo(20_000 / 6.79, withPercentage(5));
    assertThat(frequencies(inputs.events().stream().map(Event::itemId).toList()).get(0))
        .isCloseTo(20_000 / 5.88, withPercentage(5));
  }

  /** Returns how often each key occurs, most frequent first. */
  private static List<Double> frequencies(List<String> keys) {
    Map<String, Long> counts =
        keys.stream().collect(Collectors.groupingBy(key -> key, Collectors.counting()));
    List<Double> sorted = new ArrayList<>();
    counts.values().forEach(count -> sorted.add(count.doubleValue()));
    sorted.sort(Comparator.reverseOrder());
    return sorted;
  }

  @Test
  void optionsOfTimesDoNotChangeTheOtherFields() {
    GeneratorOptions.Times times = OPTIONS.times();
    Inputs punctual =
        Inputs.readAll(
            GeneratedInput.of(
                OPTIONS.withTimes(
                    new GeneratorOptions.Times(
                        times.base(), Duration.ofSeconds(1), 0.5, times.lateBy(), times.ties()))));

    assertThat(punctual.events().stream().map(Event::userId))
        .containsExactlyElementsOf(inputs.events().stream().map(Event::userId).toList());
    assertThat(punctual.report().sha256()).isNotEqualTo(inputs.report().sha256());
  }

  @Test
  void extremeOptionsAreStillGenerated() {
    GeneratorOptions extreme =
        new GeneratorOptions(
            Long.MIN_VALUE,
            100,
            new GeneratorOptions.Keys(1, 1, 10, 0),
            new GeneratorOptions.Changes(1, 1, 0, 1),
            new GeneratorOptions.Times(
                Instant.ofEpochMilli(EventTimes.MAX),
                Duration.ofDays(365),
                1,
                Duration.ofMillis(1),
                1),
            1);

    Inputs extremes = Inputs.readAll(GeneratedInput.of(extreme));
    assertThat(extremes.events()).hasSize(100).allMatch(e -> e.type() == EventType.RETURN);
    assertThat(Inputs.readAll(GeneratedInput.of(extreme.withCount(0))).records()).isEmpty();
  }

  @Test
  void optionsOutOfRangeAreNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GeneratorOptions.Keys(0, 1, 1, 1))
        .withMessageStartingWith("users is 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GeneratorOptions.Keys(1, 1, Double.NaN, 1))
        .withMessageStartingWith("user-zipf is NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GeneratorOptions.Changes(1.1, 0, 0, 0))
        .withMessageStartingWith("changes is 1.1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GeneratorOptions.defaults().withCount(-1))
        .withMessageStartingWith("count is -1");
  }
}
