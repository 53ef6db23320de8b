// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.mirror.control.Intents;
import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.MirrorMode.Other;
import io.dimstore.mirror.control.MirrorMode.Side;
import io.dimstore.mirror.internal.IntentCodec.Pending;
import io.dimstore.mirror.internal.ModeWatch.Knowledge;
import io.dimstore.spi.BoundedScans;
import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.ForeignWrites;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.SharedBudget;
import io.dimstore.spi.Sizing;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoredChanges;
import io.dimstore.spi.support.Admission;
import io.dimstore.spi.support.ChangeValidator;
import io.dimstore.spi.support.Deadline;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A table of both sides. Writes go to the primary first, then to the other side: so no side ever
 * has a change that the primary has not applied. What fails on the other side leaves an intent in
 * the primary's store before the write succeeds.
 */
final class MirrorTable implements DimensionTable {

  private final TableContext context;
  private final Admission admission;
  private final ChangeValidator validator;

  MirrorTable(TableContext context, Admission admission) {
    this.context = context;
    this.admission = admission;
    this.validator = new ChangeValidator(context.spec());
  }

  @Override
  public CompletionStage<List<@Nullable Put>> get(List<Key> keys, Projection columns) {
    return admission.admit(
        keys.size(),
        deadline -> context.watch().latest().thenCompose(known -> read(known, keys, columns)));
  }

  private CompletionStage<List<@Nullable Put>> read(
      Knowledge known, List<Key> keys, Projection columns) {
    MirrorMode mode = known.mode();
    boolean valid = context.watch().isValid(known);
    List<Integer> elsewhere = valid ? positionsOfOther(mode, keys) : List.of();
    if (elsewhere.isEmpty()) {
      return answered(mode, valid, mode.primary(), keys, columns);
    }
    if (elsewhere.size() == keys.size()) {
      return answeredByOther(mode, keys, columns);
    }
    List<Key> there = new ArrayList<>(elsewhere.size());
    List<Key> here = new ArrayList<>(keys.size() - elsewhere.size());
    int next = 0;
    for (int i = 0; i < keys.size(); i++) {
      if (next < elsewhere.size() && elsewhere.get(next) == i) {
        there.add(keys.get(i));
        next++;
      } else {
        here.add(keys.get(i));
      }
    }
    return answered(mode, true, mode.primary(), here, columns)
        .thenCombine(
            answeredByOther(mode, there, columns),
            (ofPrimary, ofOther) -> merged(keys.size(), elsewhere, ofPrimary, ofOther));
  }

  /** Returns the positions of the keys, in ascending order, that the other side answers. */
  private List<Integer> positionsOfOther(MirrorMode mode, List<Key> keys) {
    boolean toIsPrimary = mode.primary() == Side.TO;
    boolean none = mode.readsTo() == (toIsPrimary ? MirrorMode.ALL : 0);
    if (none || !context.isReadable(mode.primary().other())) {
      return List.of();
    }
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      if (context.hash().isRouted(keys.get(i), mode.readsTo()) != toIsPrimary) {
        positions.add(i);
      }
    }
    return positions;
  }

  private static List<@Nullable Put> merged(
      int size, List<Integer> elsewhere, List<@Nullable Put> here, List<@Nullable Put> there) {
    List<@Nullable Put> all = new ArrayList<>(size);
    int next = 0;
    for (int i = 0; i < size; i++) {
      boolean isThere = next < elsewhere.size() && elsewhere.get(next) == i;
      all.add(isThere ? there.get(next) : here.get(i - next));
      next += isThere ? 1 : 0;
    }
    return all;
  }

  private CompletionStage<List<@Nullable Put>> answered(
      MirrorMode mode, boolean valid, Side side, List<Key> keys, Projection columns) {
    CompletionStage<List<@Nullable Put>> answer = context.table(side).get(keys, columns);
    return valid && mode.shadow() > 0
        ? answer.whenComplete(
            (rows, failure) -> {
              if (failure == null) {
                context.shadow().offer(mode, side, keys, rows, columns);
              }
            })
        : answer;
  }

  /** Reads the other side; if that fails, the primary answers. */
  private CompletionStage<List<@Nullable Put>> answeredByOther(
      MirrorMode mode, List<Key> keys, Projection columns) {
    Side other = mode.primary().other();
    return within(() -> context.table(other).get(keys, columns))
        .handle(
            (rows, failure) -> {
              StoreException known = failure == null ? null : known(failure);
              context.health(other).ended(known);
              if (known == null) {
                context.metrics().count("reads.other", keys.size());
                context.shadow().offer(mode, other, keys, rows, columns);
                return CompletableFuture.completedFuture(rows);
              }
              if (known.kind() == Kind.CLOSED) {
                return CompletableFuture.<List<@Nullable Put>>failedFuture(known);
              }
              context.metrics().count("reads.fallback", keys.size());
              return context.table(mode.primary()).get(keys, columns);
            })
        .thenCompose(stage -> stage);
  }

  @Override
  public CompletionStage<Void> write(List<Change> changes) {
    return admission.admit(
        changes.size(),
        deadline -> {
          validator.checkAll(changes);
          List<Change> batch = List.copyOf(changes);
          return context
              .order()
              .run(
                  batch.stream().map(Change::key).toList(),
                  () ->
                      deadline.isOver()
                          ? CompletableFuture.failedFuture(late())
                          : context
                              .watch()
                              .valid()
                              .thenCompose(known -> write(known, batch, deadline)));
        });
  }

  private static StoreException late() {
    return new StoreException(Kind.TIMEOUT, "The deadline ended while earlier writes were pending");
  }

  private CompletionStage<Void> write(Knowledge known, List<Change> changes, Deadline deadline) {
    if (deadline.isOver()) {
      return CompletableFuture.failedFuture(late());
    }
    MirrorMode mode = known.mode();
    return context
        .table(mode.primary())
        .write(changes)
        .whenComplete(
            (done, failure) -> {
              if (failure != null && mode.isMirrored()) {
                noteUnknown(mode, changes, failure);
              }
            })
        .thenCompose(
            done ->
                mode.isMirrored()
                    ? writeOther(mode, changes)
                    : CompletableFuture.<@Nullable Void>completedFuture(null))
        .thenApply(
            done -> {
              // A process that was paused must not acknowledge a write by an outdated mode.
              if (!context.watch().isValidWithin(known, context.deadline())) {
                throw new StoreException(
                    Kind.UNAVAILABLE,
                    "The write took so long that the mode of the table may have changed; write"
                        + " again");
              }
              return null;
            });
  }

  private CompletionStage<@Nullable Void> writeOther(MirrorMode mode, List<Change> changes) {
    Side other = mode.primary().other();
    if (!context.health(other).tryWrite()) {
      return leaveIntents(
          mode, changes, new StoreException(Kind.UNAVAILABLE, "Side " + other + " is failing"));
    }
    return within(() -> context.table(other).write(changes))
        .handle(
            (done, failure) -> {
              StoreException known = failure == null ? null : known(failure);
              context.health(other).ended(known);
              return known == null
                  ? CompletableFuture.<@Nullable Void>completedFuture(null)
                  : leaveIntents(mode, changes, known);
            })
        .thenCompose(stage -> stage);
  }

  /**
   * Stores intents for a write that failed in the primary and may have been applied in part. If the
   * intents cannot be stored, a later write of the same changes or a verification heals that.
   */
  private void noteUnknown(MirrorMode mode, List<Change> changes, Throwable failure) {
    StoreException known = StoreException.find(failure);
    if (known != null && !known.kind().isRetryable()) {
      return;
    }
    context.noteIntent(mode.primary().other());
    IntentLog log = context.log(mode.primary());
    List<Pending> pending = new ArrayList<>(changes.size());
    changes.forEach(change -> pending.add(Pending.unknown(change)));
    guarded(() -> log.add(pending, log.now(), "A write to the primary failed: " + failure))
        .whenComplete(
            (done, refused) -> {
              context.noteIntent(mode.primary().other());
              // Without an intent, no process reconciles the rows that the write may have left.
              context
                  .metrics()
                  .count(
                      refused == null ? "intents.unknown" : "intents.unknown-refused",
                      changes.size());
            });
  }

  /** Stores intents for a write that the other side may lack; the write fails if that fails. */
  private CompletionStage<@Nullable Void> leaveIntents(
      MirrorMode mode, List<Change> changes, StoreException reason) {
    List<Pending> pending = new ArrayList<>(changes.size());
    changes.forEach(change -> pending.add(Pending.applied(change)));
    // Readers of this process do not read the other side from now on.
    context.noteIntent(mode.primary().other());
    IntentLog log = context.log(mode.primary());
    return log.add(pending, log.now(), String.valueOf(reason.getMessage()))
        .thenApply(
            done -> {
              // A check that began before the intent was stored may have found none.
              context.noteIntent(mode.primary().other());
              context.metrics().count("intents.stored", changes.size());
              if (mode.other() == Other.REQUIRED) {
                throw new StoreException(
                    reason.kind() == Kind.CLOSED ? Kind.CLOSED : Kind.UNAVAILABLE,
                    "The mode requires both sides, and "
                        + mode.primary().other()
                        + " failed: "
                        + reason.getMessage(),
                    reason);
              }
              return null;
            });
  }

  /** Runs a call of the side that is not the primary, which may take a limited time. */
  private <T> CompletionStage<T> within(Supplier<CompletionStage<T>> call) {
    CompletableFuture<T> limited = new CompletableFuture<>();
    guarded(call)
        .whenComplete(
            (value, failure) -> {
              if (failure == null) {
                limited.complete(value);
              } else {
                limited.completeExceptionally(failure);
              }
            });
    return limited.orTimeout(context.otherTimeoutNanos(), TimeUnit.NANOSECONDS);
  }

  static <T> CompletionStage<T> guarded(Supplier<CompletionStage<T>> call) {
    try {
      return call.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static StoreException known(Throwable failure) {
    StoreException known = StoreException.find(failure);
    if (known != null) {
      return known;
    }
    return failure instanceof TimeoutException || failure.getCause() instanceof TimeoutException
        ? new StoreException(
            Kind.TIMEOUT, "The other side did not answer within 'other.timeout'", failure)
        : new StoreException(Kind.UNAVAILABLE, "The other side failed: " + failure, failure);
  }

  @Override
  public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
    return admission.admit(
        1,
        deadline ->
            context
                .watch()
                .latest()
                .thenCompose(
                    known -> {
                      Side side = known.mode().primary();
                      return context
                          .table(side)
                          .splits(desired, options)
                          .thenApply(
                              splits ->
                                  splits.stream()
                                      .map(split -> new SideToken(side, split.token()).split())
                                      .toList());
                    }));
  }

  @Override
  public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
    return admission.admit(
        1,
        deadline -> {
          SideToken token = SideToken.of(split);
          return context
              .table(token.side())
              .scan(new ScanSplit(token.token()), maxEntries)
              .thenApply(
                  page ->
                      new ScanPage(
                          page.changes(),
                          page.unreadable(),
                          SideToken.remaining(token.side(), page.remaining())));
        });
  }

  /** Returns a capability of the mirror, or one that combines those of the sides. */
  @Override
  public <T> Optional<T> capability(Class<T> type) {
    if (type == Intents.class) {
      return Optional.of(type.cast(context));
    }
    Map<Side, T> found = new EnumMap<>(Side.class);
    for (Side side : Side.values()) {
      context.table(side).capability(type).ifPresent(each -> found.put(side, each));
    }
    if (found.isEmpty()) {
      return Optional.empty();
    }
    @Nullable Object combined;
    if (type == Maintenance.class) {
      combined = new MirrorMaintenance(cast(found, Maintenance.class));
    } else if (type == ChangeFeed.class) {
      combined = new MirrorFeed(cast(found, ChangeFeed.class), context.watch());
    } else if (type == StoredChanges.class) {
      // If one side lacks it, the caller scans instead. A scan reads the primary, as this would.
      combined =
          found.size() < Side.values().length
              ? null
              : new MirrorStoredChanges(
                  cast(found, StoredChanges.class), context.watch(), admission);
    } else if (type == BoundedScans.class) {
      // A scan reads the primary, which may change.
      combined =
          found.size() < Side.values().length
              ? null
              : (BoundedScans)
                  options ->
                      cast(found, BoundedScans.class).values().stream()
                          .allMatch(side -> side.isBounded(options));
    } else if (type == SharedBudget.class) {
      combined = new MirrorBudget(List.copyOf(cast(found, SharedBudget.class).values()));
    } else if (type == Sizing.class) {
      // The new store is preferred: a forecast is about the store that bills units.
      combined = found.getOrDefault(Side.TO, found.get(Side.FROM));
    } else if (type == ForeignWrites.class) {
      combined = found.getOrDefault(Side.FROM, found.get(Side.TO));
    } else {
      // In particular RowUpdates: what one side computes would be missing on the other.
      combined = null;
    }
    return Optional.ofNullable(combined).map(type::cast);
  }

  private static <T, S> Map<Side, S> cast(Map<Side, T> found, Class<S> type) {
    Map<Side, S> cast = new EnumMap<>(Side.class);
    found.forEach((side, each) -> cast.put(side, type.cast(each)));
    return cast;
  }
}
