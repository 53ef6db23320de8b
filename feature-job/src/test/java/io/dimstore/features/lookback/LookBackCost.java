// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dimstore.features.input.EventKind;
import io.dimstore.features.oracle.OracleEvent;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.table.data.RowData;

/**
 * Prints what the look-back operator costs, in CPU microseconds and bytes of state an event: on the
 * real file, and for one user with a million events in thirty days, with short histories alone and
 * with trees.
 */
final class LookBackCost {

  private static final int NEVER = Integer.MAX_VALUE;
  private static final int TREES = LookBackLimits.LARGE_FROM;
  private static final long DAY = 86_400_000L;
  private static final int SAMPLE = 1_000;

  private LookBackCost() {}

  public static void main(String[] args) throws Exception {
    List<OracleEvent> events = OnlineRetailFile.events();
    for (int round = 0; round < 3; round++) {
      file("hashmap, short alone", new HashMapStateBackend(), NEVER, events);
      file("hashmap, trees", new HashMapStateBackend(), TREES, events);
    }
    List<OracleEvent> some = events.subList(0, 60_000);
    for (int round = 0; round < 2; round++) {
      file("rocksdb, short alone", rocksDb(), NEVER, some);
      file("rocksdb, trees", rocksDb(), TREES, some);
    }
    bytes();
    bot("rocksdb, short alone", LookBackCost::rocksDb, NEVER, 10_000);
    bot("rocksdb, trees", LookBackCost::rocksDb, 100, 10_000);
    bot("hashmap, short alone", HashMapStateBackend::new, NEVER, 1_000_000);
    bot("hashmap, trees", HashMapStateBackend::new, TREES, 1_000_000);
    bot("rocksdb, trees", LookBackCost::rocksDb, TREES, 1_000_000);
  }

  /** Uses the memory of a usual slot. With the harness's default, flushes would stall. */
  private static StateBackend rocksDb() {
    EmbeddedRocksDBStateBackend backend = new EmbeddedRocksDBStateBackend();
    backend.getMemoryConfiguration().setFixedMemoryPerSlot("256mb");
    return backend;
  }

  private static void file(
      String name, StateBackend backend, int largeFrom, List<OracleEvent> events) throws Exception {
    try (LookBackHarness harness = new LookBackHarness(backend, limits(largeFrom)).open()) {
      List<RowData> rows = new ArrayList<>(events.size());
      for (OracleEvent event : events) {
        rows.add(harness.row(event));
      }
      System.out.printf(
          "online-retail, %s: %d events, %.2f us CPU an event%n",
          name, events.size(), micros(harness, rows));
    }
  }

  /** One user: the cost of events in order and late, as the history grows. */
  private static void bot(String name, Supplier<StateBackend> backend, int largeFrom, int most)
      throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    try (LookBackHarness harness = new LookBackHarness(backend.get(), limits(largeFrom)).open()) {
      int size = 0;
      for (int next : new int[] {500, 1_000, 2_000, 4_000, 10_000, 30_000, 100_000, 1_000_000}) {
        if (next > most) {
          break;
        }
        int sample = Math.min(SAMPLE, next / 4);
        micros(harness, rows(harness, random, size, next - sample, 0));
        double inOrder = micros(harness, rows(harness, random, next - sample, next, 0));
        double minute = micros(harness, rows(harness, random, next, next + 20, 60_000));
        double hour = micros(harness, rows(harness, random, next, next + 20, 3_600_000));
        double day = micros(harness, rows(harness, random, next, next + 20, DAY));
        System.out.printf(
            "bot, %s: history of %d, us CPU an event: in order %.1f, late by 1 min %.1f, 1 h %.1f,"
                + " 1 d %.1f%n",
            name, next, inOrder, minute, hour, day);
        size = next;
      }
    }
  }

  /** Bytes of state that one event in order reads and writes. */
  private static void bytes() throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    CountedNodes nodes = new CountedNodes();
    LookBack out = new LookBack();
    UserHistory log = new UserHistory();
    LargeHistory head = null;
    long before = 0;
    for (int i = 0; i < 1_000_000; i++) {
      OracleEvent e = event(random, i, 0);
      byte[] item = e.itemId().getBytes(UTF_8);
      if (i == TREES) {
        head = EventTree.of(log, nodes, 1).save();
      }
      if (i < 100_000) {
        log.add(e.time(), item, EventKind.BUY, e.amount(), DAY, out);
      }
      if (head != null) {
        EventTree tree = EventTree.open(nodes, head);
        tree.add(e.time(), item, EventKind.BUY, e.amount(), DAY, 9_000_000, out);
        head = tree.save();
      }
      int size = i + 1;
      if (List.of(990, 9_990, 99_990, 999_990).contains(size)) {
        before = nodes.bytes;
      }
      if (List.of(1_000, 10_000, 100_000, 1_000_000).contains(size)) {
        DataOutputSerializer whole = new DataOutputSerializer(1024);
        if (size <= 100_000) {
          new HistorySerializer().serialize(log, whole);
        }
        System.out.printf(
            "bytes an event, read and written, history of %d: short alone %d, trees %d%n",
            size,
            2L * whole.length(),
            head == null ? 0 : 2L * head.root().length + (nodes.bytes - before) / 10);
      }
    }
  }

  private static LookBackLimits limits(int largeFrom) {
    return new LookBackLimits(Duration.ofDays(1), Duration.ofDays(35), largeFrom, 9_000_000);
  }

  private static List<RowData> rows(
      LookBackHarness harness, SplittableRandom random, int from, int to, long late) {
    List<RowData> rows = new ArrayList<>(to - from);
    for (int i = from; i < to; i++) {
      rows.add(harness.row(event(random, late > 0 ? from - 1 : i, late)));
    }
    return rows;
  }

  private static OracleEvent event(SplittableRandom random, int i, long late) {
    int item = random.nextInt(random.nextInt(5_000) + 1);
    long time = Math.max(0, 100 * DAY + i * 2_592L - late);
    return new OracleEvent("e", "bot", "item-" + item, "buy", 1, 100, time);
  }

  private static double micros(LookBackHarness harness, List<RowData> rows) throws Exception {
    long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    for (RowData row : rows) {
      harness.send(row);
      harness.forgetOutput();
    }
    long spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
    return rows.isEmpty() ? 0 : spent / 1e3 / rows.size();
  }
}
