package io.dimstore.hbaseredis;

import io.dimstore.hbaseredis.BothCopies.Looked;
import io.dimstore.hbaseredis.Comparison.Differs;
import io.dimstore.hbaseredis.Comparison.NotCopied;
import io.dimstore.hbaseredis.Marks.Mark;
import io.dimstore.spi.Maintenance.CheckPage;
import io.dimstore.spi.Maintenance.Difference;
import io.dimstore.spi.ScanSplit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Tells rows and entries that differ from those that a write is just bringing in step.
 *
 * <p>A difference is reported when both said the same twice, and between the two there was no mark
 * of a write under way. A write marks before it goes to HBase and takes the mark away after Redis
 * has it. So one that HBase had before the first look and Redis did not is seen by its mark, or has
 * reached Redis before the second look; one that came to HBase later changes what HBase says.
 *
 * <p>What differs is healed by removing the entry that was seen, and no other. Nothing can go wrong
 * then: Redis may lose any entry at any time. Thread-safe.
 */
final class Confirmation {

  private static final int LOOKS = 4;

  /** By how much the clocks of writers, by which marks are found, may be behind this one. */
  private static final long SKEW_MILLIS = 60_000;

  private final String table;
  private final BothCopies both;
  private final RedisCopy copy;
  private final Marks marks;
  private final Meter meter;
  private final long graceMillis;

  /**
   * Confirms what differs in one table.
   *
   * @param grace after which a write that marked is not under way any more
   */
  Confirmation(
      Layout layout, BothCopies both, RedisCopy copy, Marks marks, Meter meter, Duration grace) {
    this.table = layout.declaration();
    this.both = both;
    this.copy = copy;
    this.marks = marks;
    this.meter = meter;
    this.graceMillis = grace.toMillis();
  }

  /**
   * Looks again at what differs, and says what is so.
   *
   * @param looked the first look at the keys of a page
   * @param read how many rows or entries were read for it
   * @param rest what is to be checked after it, null at the end
   * @param heal whether to remove the entries that differ
   */
  CompletableFuture<CheckPage> examine(
      List<Looked> looked, int read, @Nullable ScanSplit rest, boolean heal) {
    return new Page(read, rest, heal).examine(looked);
  }

  /** The rows of the writes that are under way. */
  private CompletableFuture<Set<byte[]>> underWay() {
    return marks
        .since(table, System.currentTimeMillis() - graceMillis - SKEW_MILLIS)
        .thenApply(
            found -> {
              Set<byte[]> rowKeys = new TreeSet<>(Bytes.BYTES_COMPARATOR);
              for (Mark mark : found) {
                if (!mark.isOver()) {
                  rowKeys.addAll(mark.rowKeys());
                }
              }
              return rowKeys;
            });
  }

  /** A page as its counts grow: used by one stage after another. */
  private final class Page {
    private final int read;
    private final @Nullable ScanSplit rest;
    private final boolean heal;
    private final List<Looked> confirmed = new ArrayList<>();
    private final List<Difference> differences = new ArrayList<>();
    private int examined;
    private int inStep;
    private int notCopied;
    private int changed;

    Page(int read, @Nullable ScanSplit rest, boolean heal) {
      this.read = read;
      this.rest = rest;
      this.heal = heal;
    }

    CompletableFuture<CheckPage> examine(List<Looked> looked) {
      examined = looked.size();
      List<Looked> suspects = new ArrayList<>();
      for (Looked one : looked) {
        if (!isSettled(one)) {
          suspects.add(one);
        }
      }
      return confirm(suspects, 1).thenCompose(done -> remove()).thenApply(done -> end());
    }

    private boolean isSettled(Looked one) {
      if (one.verdict() instanceof Differs) {
        return false;
      }
      if (one.verdict() instanceof NotCopied) {
        notCopied++;
      } else {
        inStep++;
      }
      return true;
    }

    private CompletableFuture<Void> confirm(List<Looked> suspects, int looks) {
      if (suspects.isEmpty() || looks == LOOKS) {
        changed += suspects.size();
        return CompletableFuture.completedFuture(null);
      }
      return underWay()
          .thenCompose(
              written ->
                  both.look(suspects.stream().map(Looked::rowKey).toList())
                      .thenCompose(again -> sift(suspects, again, written, looks)));
    }

    private CompletableFuture<Void> sift(
        List<Looked> before, List<Looked> again, Set<byte[]> written, int looks) {
      List<Looked> still = new ArrayList<>();
      for (int i = 0; i < again.size(); i++) {
        Looked one = again.get(i);
        if (isSettled(one)) {
          continue;
        }
        if (!written.contains(one.rowKey()) && one.saysAs(before.get(i))) {
          confirmed.add(one);
        } else {
          still.add(one);
        }
      }
      return confirm(still, looks + 1);
    }

    private CompletableFuture<Void> remove() {
      List<Looked> removable = new ArrayList<>();
      List<byte[]> seen = new ArrayList<>();
      for (Looked one : confirmed) {
        if (heal && one.entry() != null) {
          removable.add(one);
          seen.add(one.entry());
        } else {
          add(one, false);
        }
      }
      return copy.remove(removable.stream().map(Looked::rowKey).toList(), seen)
          .thenAccept(
              removed -> {
                for (int i = 0; i < removable.size(); i++) {
                  Looked one = removable.get(i);
                  if (one.truth() == null || removed.get(i)) {
                    add(one, one.truth() != null);
                  } else {
                    changed++;
                  }
                }
              });
    }

    private void add(Looked one, boolean healed) {
      Difference.Kind kind = ((Differs) one.verdict()).kind();
      differences.add(new Difference(one.key(), kind, healed));
      meter.count("check." + kind.name().toLowerCase(Locale.ROOT), 1);
      meter.count("check.healed", healed ? 1 : 0);
    }

    private CheckPage end() {
      meter.count("check.examined", examined);
      return new CheckPage(read, examined, inStep, notCopied, changed, differences, rest);
    }
  }
}
