package io.dimstore.hbaseredis;

import io.dimstore.hbaseredis.Marks.Mark;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance.Backlog;
import io.dimstore.spi.Maintenance.Repair;
import io.dimstore.spi.Projection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.hbase.client.Delete;

/**
 * Settles a table's marks: reads the truth, brings Redis in step with it under the guard, and
 * removes exactly that mark. The mark of a batch that may still be under way to HBase is settled
 * too where asked for, but stays until every attempt must have ended. Thread-safe.
 */
final class Repairer {

  private static final int PAGE = 64;
  private static final byte[] START = {};

  private final Layout layout;
  private final Truth truth;
  private final RedisCopy copy;
  private final EntryCodec entries;
  private final Marks marks;
  private final Meter meter;
  private final InstantSource clock;

  Repairer(
      Layout layout,
      Truth truth,
      RedisCopy copy,
      EntryCodec entries,
      Marks marks,
      Meter meter,
      InstantSource clock) {
    this.layout = layout;
    this.truth = truth;
    this.copy = copy;
    this.entries = entries;
    this.marks = marks;
    this.meter = meter;
    this.clock = clock;
  }

  /** Settles marks whose batches have ended, up to about this many keys. */
  CompletableFuture<Repair> repair(int maxKeys) {
    return page(START, new Repair(0, 0, false), maxKeys, false);
  }

  /** Settles every mark that is there now, those of batches under way included. */
  CompletableFuture<Void> settleAll() {
    return page(START, new Repair(0, 0, false), Integer.MAX_VALUE, true).thenAccept(done -> {});
  }

  /** Counts the keys of the marks that are there, up to about a number. */
  CompletableFuture<Backlog> backlog(int maxKeys) {
    return backlog(START, 0, 0, maxKeys)
        .thenApply(
            backlog -> {
              String table = layout.table().getNameAsString();
              meter.gauge("backlog.keys." + table, backlog.keys());
              meter.gauge("backlog.oldest.ms." + table, backlog.oldestAge().toMillis());
              return backlog;
            });
  }

  private CompletableFuture<Backlog> backlog(byte[] last, long sum, long oldest, int maxKeys) {
    return marks
        .after(layout.declaration(), last, PAGE)
        .thenCompose(
            found -> {
              long first = last.length > 0 || found.isEmpty() ? oldest : found.get(0).createdAt();
              long keys = sum;
              for (Mark mark : found) {
                if (keys >= maxKeys) {
                  return CompletableFuture.completedFuture(backlogOf(keys, true, first));
                }
                keys += mark.rowKeys().size();
              }
              return found.size() < PAGE
                  ? CompletableFuture.completedFuture(backlogOf(keys, false, first))
                  : backlog(found.get(found.size() - 1).row(), keys, first, maxKeys);
            });
  }

  private static Backlog backlogOf(long keys, boolean more, long oldest) {
    long age = oldest == 0 ? 0 : Math.max(0, System.currentTimeMillis() - oldest);
    return new Backlog(keys, more, Duration.ofMillis(age));
  }

  private CompletableFuture<Repair> page(byte[] last, Repair sum, int maxKeys, boolean young) {
    return marks
        .after(layout.declaration(), last, PAGE)
        .thenCompose(found -> next(found, 0, sum, maxKeys, young));
  }

  private CompletableFuture<Repair> next(
      List<Mark> found, int at, Repair sum, int maxKeys, boolean young) {
    for (int i = at; i < found.size(); i++) {
      Mark mark = found.get(i);
      boolean over = mark.isOver();
      if (!over && !young) {
        continue;
      }
      if (sum.examined() >= maxKeys) {
        return CompletableFuture.completedFuture(new Repair(sum.examined(), sum.healed(), true));
      }
      int following = i + 1;
      return settle(mark)
          .thenCompose(
              healed ->
                  (over ? marks.remove(mark) : CompletableFuture.<Void>completedFuture(null))
                      .thenApply(done -> healed))
          .thenCompose(
              healed -> {
                Repair now =
                    new Repair(
                        sum.examined() + mark.rowKeys().size(),
                        sum.healed() + Math.toIntExact(healed),
                        false);
                return next(found, following, now, maxKeys, young);
              });
    }
    return found.size() < PAGE
        ? CompletableFuture.completedFuture(sum)
        : page(found.get(found.size() - 1).row(), sum, maxKeys, young);
  }

  private CompletableFuture<Long> settle(Mark mark) {
    List<byte[]> rowKeys = mark.rowKeys();
    List<Key> keys = rowKeys.stream().map(layout.keys()::name).toList();
    return truth
        .read(
            keys,
            rowKeys,
            Projection.all(layout.slots().length),
            clock.millis(),
            (key, unreadable) -> meter.count("repair.corrupt", 1))
        .thenCompose(
            stored -> {
              List<byte[]> values = new ArrayList<>(stored.size());
              List<Delete> markers = new ArrayList<>();
              for (int i = 0; i < stored.size(); i++) {
                byte[] entry = entries.encode(stored.get(i));
                values.add(entry == null ? EntryCodec.negative() : entry);
                if (stored.get(i) instanceof Stored.Tombstone tombstone) {
                  Prepared.markers(layout, rowKeys.get(i), tombstone.version())
                      .ifPresent(markers::add);
                }
              }
              return truth
                  .mark(markers)
                  .thenCompose(done -> copy.apply(rowKeys, values))
                  .thenApply(
                      applied -> {
                        meter.count("repair.healed", applied.healed());
                        return applied.healed();
                      });
            });
  }
}
