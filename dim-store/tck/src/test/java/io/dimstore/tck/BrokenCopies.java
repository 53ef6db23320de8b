package io.dimstore.tck;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Maintenance.Backlog;
import io.dimstore.spi.Maintenance.CheckPage;
import io.dimstore.spi.Maintenance.Difference;
import io.dimstore.spi.Maintenance.PurgePage;
import io.dimstore.spi.Maintenance.Repair;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** Stores that are wrong about their copies. */
final class BrokenCopies {

  private BrokenCopies() {}

  static List<Broken> all() {
    return List.of(
        Broken.tables("M1", "repairs nothing", (t, c) -> repairing(t, new Repair(0, 0, false))),
        Broken.tables("M1", "forgets what is owed", (t, c) -> forgetful(t)),
        Broken.tables("M1", "repairs without end", (t, c) -> repairing(t, new Repair(1, 0, true))),
        Broken.tables(
            "M1",
            "tells of no backlog",
            (t, c) -> counting(t, count -> new Backlog(0, false, Duration.ZERO))),
        Broken.tables(
            "M1",
            "does not say that there is more",
            (t, c) -> counting(t, x -> new Backlog(x.keys(), false, x.oldestAge()))),
        Broken.tables("M2", "finds nothing", (t, c) -> differing(t, one -> null)),
        Broken.tables(
            "M2",
            "takes all for stale",
            (t, c) ->
                differing(t, x -> new Difference(x.key(), Difference.Kind.STALE, x.healed()))),
        Broken.tables("M2", "heals unasked", (t, c) -> healing(t, true)),
        Broken.tables("M2", "says that it heals and does not", (t, c) -> healing(t, false)),
        Broken.tables("M2", "stops after a page", (t, c) -> hasty(t)),
        Broken.tables("M2", "changes the truth", (t, c) -> bold(t)),
        Broken.tables(
            "M3",
            "forgets nothing",
            (t, c) -> purging(t, page -> new PurgePage(page.read(), 0, 3, page.remaining()))),
        Broken.tables(
            "M3",
            "does not count what it keeps",
            (t, c) ->
                purging(t, page -> new PurgePage(page.read(), page.purged(), 0, page.remaining()))),
        Broken.tables("M3", "takes rows", (t, c) -> greedy(t)),
        Broken.tables("M4", "takes any split", (t, c) -> mute(t, Kind.INVALID)),
        Broken.tables("M4", "compares what is not there", (t, c) -> mute(t, Kind.NO_TABLE)),
        Broken.tables("M4", "goes on when it is closed", (t, c) -> mute(t, Kind.CLOSED)));
  }

  private static DimensionTable repairing(DimensionTable table, Repair always) {
    return new MaintainedTable(table) {
      @Override
      public CompletionStage<Repair> repair(int maxKeys) {
        return CompletableFuture.completedFuture(always);
      }
    };
  }

  private static DimensionTable forgetful(DimensionTable table) {
    return new MaintainedTable(table) {
      @Override
      public CompletionStage<Repair> repair(int maxKeys) {
        ((CopiedTable) inner).forgetWhatIsOwed();
        return super.repair(maxKeys);
      }
    };
  }

  private static DimensionTable counting(DimensionTable table, UnaryOperator<Backlog> spoiling) {
    return new MaintainedTable(table) {
      @Override
      public CompletionStage<Backlog> backlog(int maxKeys) {
        return super.backlog(maxKeys).thenApply(spoiling);
      }
    };
  }

  /** Differences become others, or none. */
  private static DimensionTable differing(
      DimensionTable table, UnaryOperator<Difference> spoiling) {
    return new MaintainedTable(table) {
      @Override
      public CompletionStage<CheckPage> check(ScanSplit split, int maxKeys, boolean heal) {
        return super.check(split, maxKeys, heal).thenApply(page -> with(page, spoiling));
      }
    };
  }

  private static CheckPage with(CheckPage page, UnaryOperator<Difference> spoiling) {
    List<Difference> spoiled =
        page.differences().stream().map(spoiling).filter(one -> one != null).toList();
    int others = page.examined() - page.notCopied() - page.changed() - spoiled.size();
    return new CheckPage(
        page.read(),
        page.examined(),
        others,
        page.notCopied(),
        page.changed(),
        spoiled,
        page.remaining());
  }

  /** Whatever was asked for, and tells of what was asked for. */
  private static DimensionTable healing(DimensionTable table, boolean always) {
    return new MaintainedTable(table) {
      @Override
      public CompletionStage<CheckPage> check(ScanSplit split, int maxKeys, boolean heal) {
        return super.check(split, maxKeys, always)
            .thenApply(page -> with(page, x -> new Difference(x.key(), x.kind(), heal)));
      }
    };
  }

  private static DimensionTable hasty(DimensionTable table) {
    return new MaintainedTable(table) {
      @Override
      public CompletionStage<CheckPage> check(ScanSplit split, int maxKeys, boolean heal) {
        return super.check(split, maxKeys, heal)
            .thenApply(
                page ->
                    new CheckPage(
                        page.read(),
                        page.examined(),
                        page.inStep(),
                        page.notCopied(),
                        page.changed(),
                        page.differences(),
                        null));
      }
    };
  }

  /** Writes a row of its own where the copies differ. */
  private static DimensionTable bold(DimensionTable table) {
    return new MaintainedTable(table) {
      @Override
      public CompletionStage<CheckPage> check(ScanSplit split, int maxKeys, boolean heal) {
        return super.check(split, maxKeys, heal)
            .thenCompose(
                page ->
                    super.write(
                            page.differences().stream()
                                .filter(Difference::healed)
                                .map(x -> new Put(x.key(), Row.of("bold", 9L, "b"), 9))
                                .map(Change.class::cast)
                                .toList())
                        .thenApply(done -> page));
      }
    };
  }

  private static DimensionTable purging(DimensionTable table, UnaryOperator<PurgePage> spoiling) {
    return new MaintainedTable(table) {
      @Override
      public CompletionStage<PurgePage> purge(ScanSplit split, int maxKeys) {
        return super.purge(split, maxKeys).thenApply(spoiling);
      }
    };
  }

  private static DimensionTable greedy(DimensionTable table) {
    return new MaintainedTable(table) {
      @Override
      public CompletionStage<PurgePage> purge(ScanSplit split, int maxKeys) {
        return super.scan(split, 1)
            .thenCompose(
                page ->
                    super.write(
                        page.changes().stream()
                            .map(x -> new Delete(x.key(), x.version()))
                            .map(Change.class::cast)
                            .toList()))
            .thenCompose(done -> super.purge(split, maxKeys));
      }
    };
  }

  /** Finds nothing where it has to fail. */
  private static DimensionTable mute(DimensionTable table, Kind kind) {
    return new MaintainedTable(table) {
      @Override
      public CompletionStage<Repair> repair(int maxKeys) {
        return or(super.repair(maxKeys), new Repair(0, 0, false));
      }

      @Override
      public CompletionStage<List<ScanSplit>> checkSplits(int desired) {
        return or(super.checkSplits(desired), List.of());
      }

      @Override
      public CompletionStage<CheckPage> check(ScanSplit split, int maxKeys, boolean heal) {
        return or(super.check(split, maxKeys, heal), new CheckPage(0, 0, 0, 0, 0, List.of(), null));
      }

      private <T> CompletionStage<T> or(CompletionStage<T> stage, T nothing) {
        return stage.exceptionallyCompose(
            failure -> {
              StoreException known = StoreException.find(failure);
              return known != null && known.kind() == kind
                  ? CompletableFuture.completedFuture(nothing)
                  : CompletableFuture.failedFuture(failure);
            });
      }
    };
  }
}
