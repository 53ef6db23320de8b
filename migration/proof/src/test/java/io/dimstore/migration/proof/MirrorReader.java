// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;

/**
 * Reads rows through the mirror all along. No answer may be older than the bound, be a row that was
 * deleted, or one that has expired. Only keys of dimstore are read: changes of other programs have
 * no bound but the lag of the replication.
 */
final class MirrorReader implements Runnable {

  private static final List<String> READ =
      Keys.both(
          Keys.both(Keys.DIMSTORE, Keys.RARE),
          Keys.COLD.stream().filter(Filler::isOfDimstore).toList());

  private final DimensionTable table;
  private final Path folder;
  private final Model model = new Model();
  private final OpLog.Tail tail;
  private final Random random = new Random();
  private final long stalenessMillis;

  MirrorReader(DimensionTable table, Path folder, long stalenessMillis) {
    this.stalenessMillis = stalenessMillis;
    this.table = table;
    this.folder = folder;
    this.tail = new OpLog.Tail(folder.resolve(MirrorWriter.NAME + ".log"));
    new OpLog.Tail(folder.resolve(Filler.NAME + ".log")).readInto(model);
  }

  @Override
  public void run() {
    try {
      while (!Setup.hasEnded(folder)) {
        read();
        Thread.sleep(1_300 + random.nextInt(600));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    List<Key> keys = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      keys.add(Key.of(Keys.any(READ, random)));
    }
    long from = System.currentTimeMillis();
    List<Put> rows;
    try {
      rows = table.get(keys, Projection.all(2)).toCompletableFuture().join();
    } catch (CompletionException | StoreException e) {
      return; // a server is down
    }
    long to = System.currentTimeMillis();
    tail.readInto(model);
    for (int i = 0; i < keys.size(); i++) {
      String key = (String) keys.get(i).get(0);
      String problem = model.problem(key, rows.get(i), from - stalenessMillis, from, to);
      if (problem != null) {
        Signal.set(
            folder.resolve("violation"),
            "read from "
                + from
                + " to "
                + to
                + " of "
                + key
                + ": "
                + problem
                + "\n"
                + model.history(key));
      }
    }
  }
}
