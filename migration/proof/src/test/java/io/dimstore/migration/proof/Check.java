// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import io.dimstore.mirror.control.Intents;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Compares what the stores have with the model, while nothing is written. */
final class Check {

  private final Model model;
  private final DimensionTable from;
  private final DimensionTable to;
  private final Intents intents;

  Check(Model model, DimensionTable from, DimensionTable to, DimensionTable mirror) {
    this.model = model;
    this.from = from;
    this.to = to;
    this.intents = mirror.capability(Intents.class).orElseThrow();
  }

  /** What a store has, and when that was read. */
  private record Stored(Map<String, Change> changes, long from, long to) {

    Put row(String key) {
      return changes.get(key) instanceof Put put && put.expiresAtMillis() > to ? put : null;
    }
  }

  /** Returns all problems; empty if there are none. */
  List<String> problems(boolean old, boolean target) throws Exception {
    List<String> found = new ArrayList<>();
    Stored inOld = old ? stored(from) : null;
    Stored inNew = target ? stored(to) : null;
    if (inOld != null) {
      compare("HBase", inOld, found);
      compareLookups(found);
    }
    if (inNew != null) {
      compare("DynamoDB", inNew, found);
    }
    if (inOld != null && inNew != null) {
      for (String key : model.keys()) {
        Put first = inOld.row(key);
        Put second = inNew.row(key);
        if (!Objects.equals(first, second) && !hasJustExpired(first, second)) {
          found.add(
              "UNEQUAL "
                  + key
                  + ": HBase has "
                  + first
                  + ", DynamoDB "
                  + second
                  + "\n"
                  + model.history(key));
        }
      }
      long pending = await(intents.backlog(1_000)).keys();
      if (pending > 0) {
        found.add(pending + " keys of writes are pending");
      }
    }
    return found;
  }

  private static boolean hasJustExpired(Put first, Put second) {
    Put either = first == null ? second : first;
    return either != null && either.expiresAtMillis() <= System.currentTimeMillis();
  }

  private void compare(String store, Stored stored, List<String> found) {
    for (String key : model.keys()) {
      Change change = stored.changes.get(key);
      Put row = change instanceof Put put ? put : null;
      String problem = model.problem(key, row, Long.MAX_VALUE - 1, stored.from, stored.to);
      if (problem == null) {
        problem = model.forgotten(key, change);
      }
      if (problem != null) {
        found.add(store + ", " + key + ": " + problem + "\n" + model.history(key));
      }
    }
    for (String key : stored.changes.keySet()) {
      if (stored.changes.get(key) instanceof Put && !model.keys().contains(key)) {
        found.add(store + ": INVENTED " + stored.changes.get(key));
      }
    }
  }

  /** Compares the lookups of the old store, which its cache answers. */
  private void compareLookups(List<String> found) throws Exception {
    List<String> names = List.copyOf(model.keys());
    List<Key> keys = names.stream().map(Key::of).toList();
    long begin = System.currentTimeMillis();
    List<Put> rows = await(from.get(keys, Projection.all(2)));
    long end = System.currentTimeMillis();
    for (int i = 0; i < names.size(); i++) {
      String problem = model.problem(names.get(i), rows.get(i), Long.MAX_VALUE - 1, begin, end);
      if (problem != null) {
        found.add(
            "lookup of " + names.get(i) + ": " + problem + "\n" + model.history(names.get(i)));
      }
    }
  }

  private static Stored stored(DimensionTable table) throws Exception {
    long begin = System.currentTimeMillis();
    Map<String, Change> found = new TreeMap<>();
    ScanOptions all = new ScanOptions(Projection.all(2), null, null, true);
    for (ScanSplit split : await(table.splits(1, all))) {
      for (ScanSplit rest = split; rest != null; ) {
        ScanPage page = await(table.scan(rest, 500));
        page.requireReadable();
        page.changes().forEach(change -> found.put((String) change.key().get(0), change));
        rest = page.remaining();
      }
    }
    return new Stored(found, begin, System.currentTimeMillis());
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
