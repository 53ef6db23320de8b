// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import io.dimstore.spi.RowUpdates;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Updates rows of a store that can replace a row on condition that it is still the one that was
 * read: reads the keys, computes their next changes, replaces the rows, and begins again with those
 * keys that were changed meanwhile, until the deadline. Thread-safe.
 */
public final class RowUpdateLoop {

  private static final Backoff CHANGED = new Backoff(Duration.ofMillis(2), Duration.ofMillis(200));

  private final Rows rows;
  private final ChangeValidator validator;
  private final RetryTimer timer;

  /** What a store has to offer. */
  public interface Rows {

    /**
     * Reads the newest change of each key, as {@link io.dimstore.spi.StoredChanges#stored} does.
     */
    CompletionStage<List<@Nullable Change>> read(List<Key> keys, Deadline deadline);

    /**
     * Replaces rows of distinct keys. If an attempt that is repeated has had its effect already,
     * its key may be returned as well.
     *
     * @return the keys whose stored change was no longer the expected one, and which were not
     *     replaced
     */
    CompletionStage<Set<Key>> replace(List<Replacement> replacements, Deadline deadline);
  }

  /**
   * A change, and what must be stored when it is applied.
   *
   * @param stored what was read: only its version counts; null if nothing was stored
   */
  public record Replacement(Change change, @Nullable Change stored) {}

  public RowUpdateLoop(Rows rows, ChangeValidator validator, RetryTimer timer) {
    this.rows = rows;
    this.validator = validator;
    this.timer = timer;
  }

  /** Runs {@link RowUpdates#update}. */
  public CompletableFuture<@Nullable Void> run(
      List<Key> keys, RowUpdates.Update update, Deadline deadline) {
    requireKeys(keys);
    CompletableFuture<@Nullable Void> result = new CompletableFuture<>();
    begin(List.copyOf(new LinkedHashSet<>(keys)), update, deadline, 1, result);
    return result;
  }

  private void requireKeys(List<Key> keys) {
    for (Key key : keys) {
      String wrong = validator.problemOf(key);
      if (wrong != null) {
        throw StoreException.invalid("Key " + key + ": " + wrong, List.of(key));
      }
    }
  }

  private void begin(
      List<Key> keys,
      RowUpdates.Update update,
      Deadline deadline,
      int round,
      CompletableFuture<@Nullable Void> result) {
    rows.read(keys, deadline)
        .thenApply(stored -> next(keys, stored, update))
        .thenCompose(
            next ->
                next.isEmpty()
                    ? CompletableFuture.completedFuture(Set.<Key>of())
                    : rows.replace(next, deadline))
        .whenComplete(
            (changed, failure) -> {
              if (failure != null) {
                result.completeExceptionally(failure);
              } else if (changed.isEmpty()) {
                result.complete(null);
              } else {
                again(List.copyOf(changed), update, deadline, round, result);
              }
            });
  }

  private void again(
      List<Key> changed,
      RowUpdates.Update update,
      Deadline deadline,
      int round,
      CompletableFuture<@Nullable Void> result) {
    if (!timer.schedule(
        () -> begin(changed, update, deadline, round + 1, result), CHANGED, round, deadline)) {
      result.completeExceptionally(
          new StoreException(
              Kind.TIMEOUT,
              "Other writers have changed key "
                  + changed.get(0)
                  + " during each of "
                  + round
                  + " attempts to update it"));
    }
  }

  private List<Replacement> next(
      List<Key> keys, List<@Nullable Change> stored, RowUpdates.Update update) {
    List<Replacement> next = new ArrayList<>(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      Change change = next(keys.get(i), stored.get(i), update, validator);
      if (change != null) {
        next.add(new Replacement(change, stored.get(i)));
      }
    }
    return next;
  }

  /**
   * Calls the function and checks its result.
   *
   * @throws StoreException INVALID, naming the key
   */
  public static @Nullable Change next(
      Key key, @Nullable Change stored, RowUpdates.Update update, ChangeValidator validator) {
    Change change = update.next(key, stored);
    if (change == null) {
      return null;
    }
    validator.check(change);
    if (!change.key().equals(key)) {
      throw StoreException.invalid(
          "The update of key " + key + " has returned a change of key " + change.key(),
          List.of(key));
    }
    if (stored != null && change.version() <= stored.version()) {
      throw StoreException.invalid(
          "The update of key "
              + key
              + " has returned version "
              + change.version()
              + ", which is not greater than the stored version "
              + stored.version(),
          List.of(key));
    }
    return change;
  }
}
