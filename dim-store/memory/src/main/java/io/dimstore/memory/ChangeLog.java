// SPDX-License-Identifier: Apache-2.0
package io.dimstore.memory;

import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed.Start;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.UnreadableRow;
import io.dimstore.spi.support.TokenReader;
import io.dimstore.spi.support.TokenWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Keeps the most recent changes of a table in the order in which they were applied. Its feed has
 * one part. A position is {@code memory/feed/1/table/log/number}: {@code log} identifies this log,
 * and {@code number} is that of the next change. Thread-safe.
 */
final class ChangeLog {

  private static final int MOST = 100_000;
  private static final String FORMAT = "memory/feed/1";

  private final String id = UUID.randomUUID().toString();
  private final TreeMap<Long, Change> kept = new TreeMap<>();
  private long end;

  /**
   * Adds a change. The caller calls this inside the computation that applies the change, so that
   * the log has the changes of a key in the order in which they were applied.
   */
  synchronized void add(Change change) {
    if (kept.size() == MOST) {
      kept.pollFirstEntry();
    }
    kept.put(end++, change);
  }

  /** Drops all kept changes. */
  synchronized void forget() {
    kept.clear();
  }

  synchronized List<FeedPosition> follow(TableSpec spec, Start start) {
    return List.of(position(spec, start == Start.LATEST ? end : end - kept.size()));
  }

  FeedPage poll(TableSpec spec, RowConversion conversion, FeedPosition position, int maxChanges) {
    if (maxChanges < 1) {
      throw StoreException.invalid("A page has at least 1 change, not " + maxChanges);
    }
    long from = numberOf(spec, position);
    List<Change> changes = next(spec, from, maxChanges);
    List<Change> read = new ArrayList<>(changes.size());
    List<UnreadableRow> unreadable = new ArrayList<>(0);
    for (Change change : changes) {
      Change seen = change instanceof Put put ? conversion.read(put) : change;
      if (seen == null) {
        unreadable.add(
            new UnreadableRow(change.key(), RowConversion.mismatch(spec.name(), change.key())));
      } else {
        read.add(seen);
      }
    }
    return new FeedPage(
        read,
        unreadable,
        List.of(position(spec, from + changes.size())),
        changes.size() == maxChanges);
  }

  private synchronized List<Change> next(TableSpec spec, long from, int maxChanges) {
    long begin = end - kept.size();
    if (from < begin) {
      throw new StoreException(
          StoreException.Kind.NO_TABLE,
          "The position is at change "
              + from
              + ", but table '"
              + spec.name()
              + "' of store 'memory' keeps only changes from "
              + begin
              + " on: the changes between are lost. Take positions with LATEST, scan the table,"
              + " then continue from these positions.");
    }
    List<Change> changes = new ArrayList<>();
    for (Change change : kept.tailMap(from).values()) {
      if (changes.size() == maxChanges) {
        break;
      }
      changes.add(change);
    }
    return changes;
  }

  private FeedPosition position(TableSpec spec, long number) {
    return new TokenWriter(FORMAT).text(spec.name()).text(id).number(number).position();
  }

  private synchronized long numberOf(TableSpec spec, FeedPosition position) {
    TokenReader token = new TokenReader(position, FORMAT, 3);
    if (!token.text().equals(spec.name())) {
      throw token.refused("it is not of table '" + spec.name() + "'");
    }
    String log = token.text();
    long number = token.longNumber();
    if (number < 0) {
      throw token.refused("its number is negative");
    }
    if (!log.equals(id) || number > end) {
      throw new StoreException(
          StoreException.Kind.NO_TABLE,
          "Table '"
              + spec.name()
              + "' of store 'memory' was created again since this position was taken: its changes"
              + " are lost. Take positions with LATEST, scan the table, then continue from these"
              + " positions.");
    }
    return number;
  }
}
