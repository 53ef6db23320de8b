// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.features.input.EventKind;
import io.dimstore.features.oracle.OracleEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserHistoryTest {

  private static final Duration LATENESS = Duration.ofDays(1);
  private static final HistorySerializer SERIALIZER = new HistorySerializer();

  @ParameterizedTest(name = "mean step {0} ms")
  @ValueSource(longs = {200, 20_000, 600_000, 7_200_000, 86_400_000})
  void eachLookBackEqualsTheOracle(long meanStep) {
    long seed = new SplittableRandom().nextLong();
    check(seed, RandomEvents.of(seed, 6_000, 5, 40, meanStep), history -> history);
  }

  @Test
  void itemsThatDoNotOccurAgainAreRemovedAndTheCountsStayExact() {
    long seed = new SplittableRandom().nextLong();
    List<OracleEvent> events = RandomEvents.of(seed, 6_000, 2, 5_000, 3_600_000);
    Map<String, UserHistory> histories = check(seed, events, history -> history);
    for (UserHistory history : histories.values()) {
      assertThat(history.items().size())
          .as("items numbered, of thousands that were seen")
          .isLessThan(3 * history.size() + 20);
    }
  }

  @Test
  void deserializedHistoryContinuesLikeTheOriginal() {
    long seed = new SplittableRandom().nextLong();
    List<OracleEvent> events = RandomEvents.of(seed, 4_000, 4, 60, 600_000);
    check(seed, events, UserHistoryTest::writtenAndRead);
  }

  @Test
  void copyContinuesLikeTheOriginal() {
    long seed = new SplittableRandom().nextLong();
    check(
        seed,
        RandomEvents.of(seed, 4_000, 4, 60, 600_000),
        history -> (UserHistory) SERIALIZER.copy(history));
  }

  @Test
  void changesToACopyDoNotReachTheOriginal() throws IOException {
    UserHistory original = new UserHistory();
    LookBack out = new LookBack();
    for (int i = 0; i < 40; i++) {
      original.add(i * 1000L, item("a" + i), EventKind.BUY, i, LATENESS.toMillis(), out);
    }
    byte[] before = bytes(original);
    UserHistory copy = (UserHistory) SERIALIZER.copy(original);
    for (int i = 0; i < 500; i++) {
      copy.add(i * 86_400_000L, item("b" + i), EventKind.RETURN, i, LATENESS.toMillis(), out);
      copy.add(i * 86_400_000L - 1, item("a1"), EventKind.BUY, i, LATENESS.toMillis(), out);
    }
    assertThat(bytes(original)).isEqualTo(before);
  }

  @Test
  void theLogKeepsThirtyDaysAndTheLatenessAndNoMore() {
    UserHistory history = new UserHistory();
    LookBack out = new LookBack();
    long day = 86_400_000L;
    for (int i = 0; i < 1_000; i++) {
      history.add(i * day, item("x"), EventKind.VIEW, 0, LATENESS.toMillis(), out);
    }
    assertThat(history.size()).isEqualTo(31);
    assertThat(out.get(3 * LookBack.PER_WINDOW)).isEqualTo(30);
  }

  @Test
  void anEventOnTheEdgeOfTheLatenessCountsAndOneBeyondChangesNothing() throws IOException {
    UserHistory history = new UserHistory();
    LookBack out = new LookBack();
    long newest = 100 * 86_400_000L;
    history.add(newest, item("x"), EventKind.BUY, 5, LATENESS.toMillis(), out);
    byte[] before = bytes(history);
    assertThat(late(history, newest - LATENESS.toMillis() - 1, out)).isFalse();
    assertThat(bytes(history)).isEqualTo(before);
    assertThat(late(history, newest - LATENESS.toMillis(), out)).isTrue();
  }

  @Test
  void stateOfAnUnknownFormatIsRefused() {
    HistorySerializerSnapshot snapshot = new HistorySerializerSnapshot();
    assertThatThrownBy(
            () ->
                snapshot.readSnapshot(
                    1, new DataInputDeserializer(new byte[0]), getClass().getClassLoader()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("format 1 cannot be read");
  }

  private static boolean late(UserHistory history, long time, LookBack out) {
    return history.add(time, item("y"), EventKind.BUY, 5, LATENESS.toMillis(), out);
  }

  private static Map<String, UserHistory> check(
      long seed, List<OracleEvent> events, UnaryOperator<UserHistory> between) {
    Expected expected = new Expected(LATENESS);
    Map<String, UserHistory> histories = new HashMap<>();
    LookBack out = new LookBack();
    int tooLate = 0;
    for (OracleEvent e : events) {
      UserHistory history =
          between.apply(histories.computeIfAbsent(e.userId(), user -> new UserHistory()));
      histories.put(e.userId(), history);
      EventKind kind = Objects.requireNonNull(EventKind.ofText(e.type()));
      boolean added =
          history.add(e.time(), item(e.itemId()), kind, e.amount(), LATENESS.toMillis(), out);
      int[] next = {0};
      String actual =
          added ? Expected.text(e.eventId(), () -> out.get(next[0]++)) : Expected.TOO_LATE;
      assertThat(actual).as("seed %d, %s", seed, e).isEqualTo(expected.of(e));
      tooLate += added ? 0 : 1;
    }
    assertThat(tooLate).as("seed %d: events that were too late", seed).isPositive();
    return histories;
  }

  private static UserHistory writtenAndRead(UserHistory history) {
    try {
      return (UserHistory) SERIALIZER.deserialize(new DataInputDeserializer(bytes(history)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] bytes(UserHistory history) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(256);
    SERIALIZER.serialize(history, out);
    return out.getCopyOfBuffer();
  }

  private static byte[] item(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }
}
