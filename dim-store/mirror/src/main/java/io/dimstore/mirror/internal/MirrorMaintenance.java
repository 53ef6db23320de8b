// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.mirror.control.MirrorMode.Side;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The copies that the sides keep themselves, such as the Redis entries of hbase-redis. Backlogs and
 * repairs are added up over both sides; checks cover both; a purge works on the side of its split.
 * The writes that one side of the mirror may lack are {@link io.dimstore.mirror.control.Intents}.
 */
final class MirrorMaintenance implements Maintenance {

  private final Map<Side, Maintenance> sides;

  /**
   * @param sides the sides that keep copies, at least one
   */
  MirrorMaintenance(Map<Side, Maintenance> sides) {
    this.sides = new EnumMap<>(sides);
  }

  @Override
  public CompletionStage<Repair> repair(int maxKeys) {
    return all(side -> side.repair(maxKeys))
        .thenApply(
            repairs -> {
              int examined = 0;
              int healed = 0;
              boolean remaining = false;
              for (Repair each : repairs) {
                examined += each.examined();
                healed += each.healed();
                remaining |= each.remaining();
              }
              return new Repair(examined, healed, remaining);
            });
  }

  @Override
  public CompletionStage<Backlog> backlog(int maxKeys) {
    return all(side -> side.backlog(maxKeys)).thenApply(found -> sum(found, maxKeys));
  }

  static Backlog sum(List<Backlog> backlogs, int maxKeys) {
    long keys = 0;
    boolean more = false;
    Duration oldest = Duration.ZERO;
    for (Backlog each : backlogs) {
      keys += each.keys();
      more |= each.more();
      oldest = oldest.compareTo(each.oldestAge()) < 0 ? each.oldestAge() : oldest;
    }
    return new Backlog(Math.min(keys, maxKeys), more || keys > maxKeys, oldest);
  }

  private <T> CompletionStage<List<T>> all(Function<Maintenance, CompletionStage<T>> call) {
    CompletionStage<List<T>> all = CompletableFuture.completedFuture(new ArrayList<>());
    for (Maintenance side : sides.values()) {
      all =
          all.thenCombine(
              call.apply(side),
              (list, each) -> {
                list.add(each);
                return list;
              });
    }
    return all;
  }

  @Override
  public CompletionStage<List<ScanSplit>> checkSplits(int desired) {
    CompletionStage<List<ScanSplit>> all = CompletableFuture.completedFuture(new ArrayList<>());
    for (Map.Entry<Side, Maintenance> side : sides.entrySet()) {
      all =
          all.thenCombine(
              side.getValue().checkSplits(desired),
              (list, splits) -> {
                splits.forEach(
                    split -> list.add(new SideToken(side.getKey(), split.token()).split()));
                return list;
              });
    }
    return all;
  }

  @Override
  public CompletionStage<CheckPage> check(ScanSplit split, int maxKeys, boolean heal) {
    return MirrorTable.guarded(
        () -> {
          SideToken token = SideToken.of(split);
          return of(token)
              .check(new ScanSplit(token.token()), maxKeys, heal)
              .thenApply(
                  page ->
                      new CheckPage(
                          page.read(),
                          page.examined(),
                          page.inStep(),
                          page.notCopied(),
                          page.changed(),
                          page.differences(),
                          SideToken.remaining(token.side(), page.remaining())));
        });
  }

  @Override
  public CompletionStage<PurgePage> purge(ScanSplit split, int maxKeys) {
    return MirrorTable.guarded(
        () -> {
          SideToken token = SideToken.of(split);
          return of(token)
              .purge(new ScanSplit(token.token()), maxKeys)
              .thenApply(
                  page ->
                      new PurgePage(
                          page.read(),
                          page.purged(),
                          page.kept(),
                          page.unreadable(),
                          SideToken.remaining(token.side(), page.remaining())));
        });
  }

  private Maintenance of(SideToken token) {
    Maintenance found = sides.get(token.side());
    if (found == null) {
      throw StoreException.invalid(
          "Side '"
              + token.side()
              + "' of the mirror keeps no copies and needs no purge; open the other side's store"
              + " itself to maintain it");
    }
    return found;
  }
}
