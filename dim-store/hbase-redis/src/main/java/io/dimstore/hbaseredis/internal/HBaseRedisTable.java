// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal;

import io.dimstore.hbaseredis.internal.encoding.ChangeEncoder;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.hbase.HBaseClock;
import io.dimstore.hbaseredis.internal.hbase.Scanner;
import io.dimstore.hbaseredis.internal.hbase.SplitToken;
import io.dimstore.hbaseredis.internal.read.ReadThrough;
import io.dimstore.hbaseredis.internal.repair.CheckToken;
import io.dimstore.hbaseredis.internal.repair.Checker;
import io.dimstore.hbaseredis.internal.repair.Repairer;
import io.dimstore.hbaseredis.internal.table.SettingsMonitor;
import io.dimstore.hbaseredis.internal.write.DualWrite;
import io.dimstore.hbaseredis.internal.write.Purger;
import io.dimstore.hbaseredis.internal.write.RowUpdater;
import io.dimstore.spi.BoundedScans;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.ForeignWrites;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.RowUpdates;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoredChanges;
import io.dimstore.spi.support.Admission;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One table. It admits calls and passes them to the classes that read, write, scan and repair. */
final class HBaseRedisTable
    implements DimensionTable, Maintenance, StoredChanges, RowUpdates, ForeignWrites, BoundedScans {

  private final Admission admission;
  private final Runnable dueWork;
  private final SettingsMonitor settings;
  private final HBaseClock hbaseClock;
  private final Layout layout;
  private final ChangeEncoder encoder;
  private final ReadThrough reads;
  private final DualWrite writes;
  private final RowUpdater updates;
  private final Scanner scanner;
  private final Repairer repairer;
  private final Checker checker;
  private final Purger purger;

  HBaseRedisTable(
      Admission admission,
      Runnable dueWork,
      SettingsMonitor settings,
      HBaseClock hbaseClock,
      Layout layout,
      ChangeEncoder encoder,
      ReadThrough reads,
      DualWrite writes,
      RowUpdater updates,
      Scanner scanner,
      Repairer repairer,
      Checker checker,
      Purger purger) {
    this.admission = admission;
    this.dueWork = dueWork;
    this.settings = settings;
    this.hbaseClock = hbaseClock;
    this.layout = layout;
    this.encoder = encoder;
    this.reads = reads;
    this.writes = writes;
    this.updates = updates;
    this.scanner = scanner;
    this.repairer = repairer;
    this.checker = checker;
    this.purger = purger;
  }

  @Override
  public CompletionStage<List<@Nullable Put>> get(List<Key> keys, Projection columns) {
    return admission.admit(
        keys.size(),
        deadline -> {
          if (keys.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
          }
          dueWork.run();
          settings.checkIfDue();
          return reads.get(keys, columns);
        });
  }

  @Override
  public CompletionStage<Void> write(List<Change> changes) {
    return admission.admit(
        changes.size(),
        deadline -> {
          if (changes.isEmpty()) {
            return CompletableFuture.completedFuture(null);
          }
          beforeWrite();
          return writes.write(changes, deadline);
        });
  }

  @Override
  public CompletionStage<Void> update(List<Key> keys, Update update) {
    return admission.admit(
        keys.size(),
        deadline -> {
          if (keys.isEmpty()) {
            return CompletableFuture.completedFuture(null);
          }
          beforeWrite();
          return updates.update(keys, update, deadline);
        });
  }

  private void beforeWrite() {
    dueWork.run();
    settings.checkIfDue();
    settings.requireSafe();
    hbaseClock.checkIfDue();
  }

  @Override
  public CompletionStage<List<@Nullable Change>> stored(List<Key> keys) {
    return admission.admit(keys.size(), deadline -> scanner.stored(keys, encoder::isKey));
  }

  @Override
  public CompletionStage<List<@Nullable Instant>> foreignWrites(List<Key> keys) {
    return admission.admit(keys.size(), deadline -> scanner.foreignWrites(keys, encoder::isKey));
  }

  @Override
  public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
    return admission.admit(
        1,
        deadline -> {
          checkBound(options.from());
          checkBound(options.to());
          return scanner.splits(Math.max(1, desired), options);
        });
  }

  @Override
  public boolean isBounded(ScanOptions options) {
    return layout.keys().sorted();
  }

  @Override
  public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
    return admission.admit(1, deadline -> scanner.scan(rangeOf(split), Math.max(1, maxEntries)));
  }

  private SplitToken rangeOf(ScanSplit split) {
    return SplitToken.parse(split, layout);
  }

  @Override
  public CompletionStage<Repair> repair(int maxKeys) {
    return admission.admit(
        1,
        deadline ->
            hbaseClock
                .known()
                .thenCompose(done -> repairer.repair(Math.max(1, maxKeys), deadline)));
  }

  @Override
  public CompletionStage<Backlog> backlog(int maxKeys) {
    return admission.admit(1, deadline -> repairer.backlog(Math.max(1, maxKeys)));
  }

  @Override
  public CompletionStage<List<ScanSplit>> checkSplits(int desired) {
    return admission.admit(1, deadline -> checker.splits(Math.max(1, desired)));
  }

  @Override
  public CompletionStage<CheckPage> check(ScanSplit split, int maxKeys, boolean heal) {
    return admission.admit(
        1,
        deadline -> {
          dueWork.run();
          CheckToken token = CheckToken.parse(split, layout);
          return hbaseClock
              .known()
              .thenCompose(done -> checker.check(token, Math.max(1, maxKeys), heal));
        });
  }

  /**
   * Reconciles the write intents of writers that died, then counts the remaining backlog for the
   * gauges. A failure to reconcile is ignored.
   *
   * @param maxKeys about how many keys to reconcile, and to count, at most
   */
  CompletableFuture<Void> repairPeriodically(int maxKeys) {
    // If another process holds the lease, that process does the same work.
    return (repairer.canRepair()
            ? hbaseClock.known().thenCompose(done -> repairer.repairUnlessBusy(maxKeys))
            : CompletableFuture.<Void>completedFuture(null))
        .handle((done, failure) -> null)
        .thenCompose(done -> repairer.backlog(maxKeys))
        .thenAccept(backlog -> {});
  }

  CompletableFuture<Void> recover() {
    return repairer.recover();
  }

  CompletableFuture<Void> recoverIfDue() {
    return repairer.recoverIfDue();
  }

  @Override
  public CompletionStage<PurgePage> purge(ScanSplit split, int maxKeys) {
    return admission.admit(1, deadline -> purger.purge(rangeOf(split), Math.max(1, maxKeys)));
  }

  private void checkBound(@Nullable Key key) {
    if (key != null && !encoder.isKey(key)) {
      throw StoreException.invalid(
          "Bound " + key + " of a scan is not a key of table " + layout.table(), List.of(key));
    }
  }
}
