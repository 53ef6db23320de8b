// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.features.input.DeadLetterReason;
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
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTreeTest {

  private static final Duration LATENESS = Duration.ofDays(1);
  private static final long DAY = 86_400_000L;
  private static final long MAX = 9_000_000;

  private final Map<String, CountedNodes> stores = new HashMap<>();
  private final Map<String, LargeHistory> heads = new HashMap<>();
  private final LookBack out = new LookBack();

  @ParameterizedTest(name = "mean step {0} ms")
  @ValueSource(longs = {0, 200, 20_000, 600_000, 7_200_000, 86_400_000})
  void eachLookBackEqualsTheOracle(long meanStep) throws Exception {
    for (int itemKinds : new int[] {1, 40, 5_000}) {
      heads.clear();
      stores.clear();
      long seed = new SplittableRandom().nextLong();
      Expected expected = new Expected(LATENESS);
      for (OracleEvent e : RandomEvents.of(seed, 2_000, 2, itemKinds, meanStep)) {
        assertThat(add(e)).as("seed %d, %s", seed, e).isEqualTo(expected.of(e));
      }
    }
  }

  @Test
  void treeMadeFromAShortHistoryContinuesLikeThatHistory() throws Exception {
    long seed = new SplittableRandom().nextLong();
    Expected expected = new Expected(LATENESS);
    List<OracleEvent> events = RandomEvents.of(seed, 2_000, 1, 60, 600_000);
    UserHistory log = new UserHistory();
    for (OracleEvent e : events.subList(0, 1_000)) {
      expected.of(e);
      log.add(e.time(), bytes(e.itemId()), kind(e), e.amount(), LATENESS.toMillis(), out);
    }
    CountedNodes store = stores.computeIfAbsent("u0", user -> new CountedNodes());
    heads.put("u0", EventTree.of(log, store, 1).save());
    for (OracleEvent e : events.subList(1_000, 2_000)) {
      assertThat(add(e)).as("seed %d, %s", seed, e).isEqualTo(expected.of(e));
    }
  }

  @Test
  void eventsThatNoWindowReachesAreRemoved() throws Exception {
    for (int i = 0; i < 20_000; i++) {
      add(new OracleEvent("e", "u", "item-" + i, "buy", 1, 1, i * DAY / 100));
    }
    // 31 days of 100 events, in leaves of 32, and a few leaves that are pruned next.
    CountedNodes nodes = stores.get("u");
    assertThat(nodes.nodes.size()).isLessThan(3_100 / 32 + 20);
    assertThat(nodes.items.size()).isLessThan(3_100 + 5 * 32);
  }

  @Test
  void costOfAnEventDoesNotGrowWithThePast() throws Exception {
    long few = bytesPerEvent(0, 5_000);
    long many = bytesPerEvent(5_000, 150_000);
    assertThat(many).as("bytes read and written an event").isLessThan(3 * few);
  }

  @Test
  void eventsBeyondTheBoundAreRefusedUntilOlderOnesAreOver() throws Exception {
    for (int i = 0; i < 100; i++) {
      assertThat(add("x", i, 100)).isNull();
    }
    LargeHistory full = heads.get("u");
    assertThat(add("x", 100, 100)).isEqualTo(DeadLetterReason.TOO_MANY);
    assertThat(add("x", 31 * DAY, 100)).isEqualTo(DeadLetterReason.TOO_MANY);
    assertThat(heads.get("u")).isSameAs(full);
    assertThat(add("x", 31 * DAY + 31, 100)).as("the first leaf of 32 is over").isNull();
    assertThat(out.get(3 * LookBack.PER_WINDOW)).isEqualTo(1);
  }

  @Test
  void nodeOfAnUnknownFormatIsRefused() {
    assertThatThrownBy(() -> TreeNode.decoded(new byte[] {9, 0, 0}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("node format 9 cannot be read");
  }

  private long bytesPerEvent(int from, int to) throws Exception {
    SplittableRandom random = new SplittableRandom(3);
    CountedNodes nodes = stores.computeIfAbsent("bot", user -> new CountedNodes());
    long moved = 0;
    int last = 1_000;
    for (int i = from; i < to; i++) {
      if (i == to - last) {
        moved = -nodes.bytes;
      }
      long late = random.nextInt(20) == 0 ? random.nextLong(60_000) : 0;
      long time = DAY + i * 2_592L - late; // a million in thirty days
      add(new OracleEvent("e", "bot", "item-" + random.nextInt(5_000), "buy", 1, 1, time));
      moved += i >= to - last ? heads.get("bot").root().length * 2L : 0;
    }
    return (moved + nodes.bytes) / last;
  }

  private @Nullable DeadLetterReason add(String item, long time, long max) throws Exception {
    return add("u", time, item, EventKind.BUY, 1, max);
  }

  private String add(OracleEvent e) throws Exception {
    DeadLetterReason refused = add(e.userId(), e.time(), e.itemId(), kind(e), e.amount(), MAX);
    if (refused != null) {
      assertThat(refused).isEqualTo(DeadLetterReason.TOO_LATE);
      return Expected.TOO_LATE;
    }
    int[] next = {0};
    return Expected.text(e.eventId(), () -> out.get(next[0]++));
  }

  /** The first event of a user makes a short history, which becomes a tree at once. */
  private @Nullable DeadLetterReason add(
      String user, long time, String item, EventKind kind, long amount, long max) throws Exception {
    CountedNodes store = stores.computeIfAbsent(user, name -> new CountedNodes());
    LargeHistory head = heads.get(user);
    EventTree tree;
    if (head == null) {
      UserHistory log = new UserHistory();
      log.add(time, bytes(item), kind, amount, LATENESS.toMillis(), out);
      tree = EventTree.of(log, store, 1);
    } else {
      tree = EventTree.open(store, head);
      DeadLetterReason refused =
          tree.add(time, bytes(item), kind, amount, LATENESS.toMillis(), max, out);
      if (refused != null) {
        return refused;
      }
    }
    heads.put(user, writtenAndRead(tree.save()));
    return null;
  }

  private static LargeHistory writtenAndRead(LargeHistory head) throws IOException {
    DataOutputSerializer bytes = new DataOutputSerializer(64);
    new HistorySerializer().serialize(head, bytes);
    return (LargeHistory)
        new HistorySerializer().deserialize(new DataInputDeserializer(bytes.getCopyOfBuffer()));
  }

  private static EventKind kind(OracleEvent e) {
    return Objects.requireNonNull(EventKind.ofText(e.type()));
  }

  private static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }
}
