// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Put;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;

/**
 * Writes a table through the mirror: puts, rows that expire, deletes, and again and again old
 * changes that were acknowledged long ago, as a job does that was restored from a checkpoint. A
 * change that fails is sent again, or is left and the next one of its key is sent. What is not
 * acknowledged when the process ends is sent again by the next one, as a Flink job does.
 */
final class MirrorWriter implements Runnable {

  static final String NAME = "dimstore";

  private static final List<String> OFTEN = Keys.both(Keys.DIMSTORE, Keys.MIXED);
  private static final List<String> WRITTEN = Keys.both(OFTEN, Keys.RARE);

  private final DimensionTable table;
  private final Path folder;
  private final OpLog log;
  private final Model own = new Model();
  private final List<Op> acknowledged = new ArrayList<>();
  private final Map<String, Op> unanswered = new TreeMap<>();
  private final Random random;

  MirrorWriter(DimensionTable table, Path folder, List<Op> late) {
    this.table = table;
    this.folder = folder;
    Path file = folder.resolve(NAME + ".log");
    new OpLog.Tail(folder.resolve(Filler.NAME + ".log")).readInto(own);
    new OpLog.Tail(file).readInto(own);
    this.log = new OpLog(file);
    this.random = new Random(own.acknowledged());
    this.acknowledged.addAll(late);
    for (String key : WRITTEN) {
      Op op = own.unanswered(key);
      if (op != null) {
        unanswered.put(key, op);
      }
    }
  }

  @Override
  public void run() {
    try {
      while (!Setup.hasEnded(folder)) {
        if (Signal.isSet(folder.resolve("stop"))) {
          settle();
          Signal.set(folder.resolve(NAME + ".stopped"), "");
          while (Signal.isSet(folder.resolve("stop"))) {
            Thread.sleep(20);
          }
        } else if (unanswered.size() > 5 || (!unanswered.isEmpty() && random.nextInt(20) == 0)) {
          settle();
        } else if (random.nextInt(8) == 0 && !acknowledged.isEmpty()) {
          write(List.of(Keys.any(acknowledged, random)), true);
        } else {
          write(next(), false);
        }
        Thread.sleep(600 + random.nextInt(600));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends what is not acknowledged until it is. */
  private void settle() throws InterruptedException {
    while (!unanswered.isEmpty()) {
      if (!write(List.copyOf(unanswered.values()), true)) {
        Thread.sleep(100);
      }
    }
  }

  private List<Op> next() {
    List<Op> batch = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      String key = Keys.any(random.nextInt(4) == 0 ? Keys.RARE : OFTEN, random);
      if (!keys.add(key)) {
        continue;
      }
      long version = Keys.version(own.newest(key), false);
      int kind = random.nextInt(10);
      boolean expires = kind > 6 && !key.startsWith("m");
      long end =
          version + (kind == 7 ? 1_000 + random.nextInt(4_000) : 3_600_000 + random.nextInt(1_000));
      batch.add(
          kind < 2
              ? new Op(key, version, Op.How.DELETE, Put.NEVER)
              : new Op(key, version, Op.How.PUT, expires ? end : Put.NEVER));
    }
    return batch;
  }

  /**
   * Sends changes of different keys in one call, until they are acknowledged or left.
   *
   * @param again whether they are in the log already
   */
  private boolean write(List<Op> ops, boolean again) throws InterruptedException {
    if (!again) {
      for (Op op : ops) {
        long now = System.currentTimeMillis();
        log.append(op.begun(now));
        own.begun(op, now);
        unanswered.put(op.key(), op);
      }
    }
    List<Change> changes = ops.stream().map(Op::change).toList();
    for (int attempt = 0; ; attempt++) {
      try {
        table.write(changes).toCompletableFuture().join();
        break;
      } catch (CompletionException | io.dimstore.spi.StoreException e) {
        if (again || (attempt > 0 && random.nextInt(4) == 0)) {
          return false;
        }
        Thread.sleep(50);
      }
    }
    for (Op op : ops) {
      long now = System.currentTimeMillis();
      if (!again || op.equals(unanswered.get(op.key()))) {
        log.append(op.acknowledged(now));
        own.acknowledged(op.key(), op.version(), now);
        if (random.nextInt(4) == 0) {
          acknowledged.add(op);
        }
      }
      Op pending = unanswered.get(op.key());
      if (pending != null && pending.version() <= op.version()) {
        unanswered.remove(op.key());
      }
    }
    return true;
  }
}
