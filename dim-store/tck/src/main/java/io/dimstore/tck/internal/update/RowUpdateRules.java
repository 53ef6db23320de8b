// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Rows;
import io.dimstore.tck.internal.fixture.Updates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** U1: an update is atomic for its key. */
public abstract class RowUpdateRules {

  private static final int WRITERS = 4;
  private static final int UPDATES = 15;

  /** How long a function waits for a write that a store may hold back until the function ends. */
  private static final long OVERLAP_MILLIS = 500;

  private final Kit kit;

  public RowUpdateRules(Kit kit) {
    this.kit = kit;
  }

  @Test
  void u1aFunctionIsGivenTheNewestChangeWithAllColumns() {
    Rows rows = kit.rows();
    Updates.with(
        kit,
        rows.table(),
        updates -> {
          long later = kit.clock().millis() + Duration.ofDays(1).toMillis();
          Put whole = new Put(rows.key("whole"), Row.of("x", 5L, "y"), 7);
          Put expiring = Rows.putUntil(rows.key("expiring"), null, 8, later);
          Delete removed = new Delete(rows.key("removed"), 4);
          Key expired = rows.key("expired");
          Key never = rows.key("never");
          rows.write(whole, expiring, removed);
          rows.write(Rows.putUntil(expired, "x", 6, kit.clock().millis() + 1_000));
          kit.clock().advance(Duration.ofSeconds(2));

          Map<Key, @Nullable Change> given = new HashMap<>();
          List<Key> keys = List.of(whole.key(), expiring.key(), removed.key(), expired, never);
          updates.update(
              keys,
              (key, stored) -> {
                synchronized (given) {
                  given.put(key, stored);
                }
                return null;
              });

          Map<Key, @Nullable Change> expected = new HashMap<>();
          expected.put(whole.key(), whole);
          expected.put(expiring.key(), expiring);
          expected.put(removed.key(), removed);
          expected.put(expired, new Delete(expired, 6));
          expected.put(never, null);
          assertThat(given).isEqualTo(expected);
        });
  }

  @Test
  void u1bResultIsStoredLikeAWrite() {
    Rows rows = kit.rows();
    Updates.with(
        kit,
        rows.table(),
        updates -> {
          Put changed = Rows.put(rows.key("changed"), "x", 1);
          Put removed = Rows.put(rows.key("removed"), "x", 1);
          Put again = Rows.put(rows.key("again"), "x", 1);
          rows.write(changed, removed, again);
          rows.delete(again.key(), 2);
          Key fresh = rows.key("fresh");
          // A store with a cache has answers for all keys now.
          var unused = rows.getAll(List.of(changed.key(), removed.key(), again.key(), fresh));

          long expiry = kit.clock().millis() + Duration.ofDays(1).toMillis();
          updates.update(
              List.of(changed.key(), removed.key(), again.key(), fresh),
              (key, stored) ->
                  key.equals(removed.key())
                      ? new Delete(key, 5)
                      : Rows.putUntil(key, "updated", 5, expiry));

          Rows reader = rows.through(kit.open(Map.of()));
          for (Rows each : List.of(rows, reader)) {
            for (Key key : List.of(changed.key(), again.key(), fresh)) {
              each.assertHas(Rows.putUntil(key, "updated", 5, expiry));
            }
            each.assertAbsent(removed.key());
          }
          rows.write(Rows.put(removed.key(), "late", 4), Rows.put(changed.key(), "late", 4));
          rows.assertAbsent(removed.key());
          rows.assertHas(Rows.putUntil(changed.key(), "updated", 5, expiry));
        });
  }

  @Test
  void u1cKeyWithoutResultKeepsWhatIsStored() {
    Rows rows = kit.rows();
    Updates.with(
        kit,
        rows.table(),
        updates -> {
          Put kept = Rows.put(rows.key("kept"), "x", 3);
          Put changed = Rows.put(rows.key("changed"), "x", 3);
          Key never = rows.key("never");
          rows.write(kept, changed);
          updates.update(
              List.of(kept.key(), changed.key(), never),
              (key, stored) -> key.equals(changed.key()) ? Rows.put(key, "y", 4) : null);
          rows.assertHas(kept);
          rows.assertHas(Rows.put(changed.key(), "y", 4));
          assertThat(rows.scanOwn(true)).hasSize(2);
        });
  }

  @Test
  void u1dConcurrentUpdatesOfAKeyAreAllApplied() {
    Rows rows = kit.rows();
    Updates.with(
        kit,
        rows.table(),
        updates -> {
          Updates others = Updates.of(kit, rows.through(kit.open(Map.of())).table());
          Key key = rows.key("counted");
          List<CompletableFuture<Void>> writers = new ArrayList<>();
          for (int i = 0; i < WRITERS; i++) {
            Updates each = i % 2 == 0 ? updates : others;
            writers.add(CompletableFuture.runAsync(() -> count(each, key)));
          }
          writers.forEach(writer -> kit.answers().await(writer));
          Put counted = present(rows, key);
          assertThat(counted.row().get(1)).isEqualTo((long) WRITERS * UPDATES);
        });
  }

  private static void count(Updates updates, Key key) {
    for (int i = 0; i < UPDATES; i++) {
      updates.update(
          key,
          (counted, stored) ->
              stored instanceof Put put
                  ? new Put(counted, Row.of("x", number(put) + 1, "b"), put.version() + 1)
                  : new Put(counted, Row.of("x", 1L, "b"), 1));
    }
  }

  private static Put present(Rows rows, Key key) {
    return row(rows.get(key));
  }

  private static Put row(@Nullable Change stored) {
    assertThat(stored).as("a stored row").isInstanceOf(Put.class);
    return (Put) Objects.requireNonNull(stored);
  }

  private static long number(Put put) {
    return put.row().get(1) instanceof Long number ? number : 0;
  }

  @Test
  void u1eWriteDuringAnUpdateIsNotLost() {
    Rows rows = kit.rows();
    Updates.with(
        kit,
        rows.table(),
        updates -> {
          Rows writer = rows.through(kit.open(Map.of()));
          Put before = Rows.put(rows.key("written"), "before", 1);
          Put during = Rows.put(rows.key("written"), "during", 50);
          rows.write(before);
          AtomicInteger calls = new AtomicInteger();
          AtomicInteger overlaps = new AtomicInteger();
          CompletableFuture<Void> written = new CompletableFuture<>();
          updates.update(
              before.key(),
              (key, stored) -> {
                if (calls.getAndIncrement() == 0) {
                  CompletableFuture.runAsync(() -> writer.write(during))
                      .whenComplete(
                          (done, failure) -> {
                            if (failure == null) {
                              written.complete(null);
                            } else {
                              written.completeExceptionally(failure);
                            }
                          });
                  overlaps.addAndGet(endsSoon(written) ? 1 : 0);
                }
                Put row = row(stored);
                return new Put(key, Row.of(row.row().get(0), 2L, "updated"), row.version() + 100);
              });
          kit.answers().await(written);
          Put after = present(rows, before.key());
          assertThat(after.row().get(2)).as("the update was applied").isEqualTo("updated");
          if (overlaps.get() == 1) {
            assertThat(after.row().get(0))
                .as("the write that ended before the function returned")
                .isEqualTo("during");
          }
        });
  }

  /** A store may let the write wait until the update has ended. */
  private static boolean endsSoon(CompletableFuture<Void> write) {
    try {
      write.get(OVERLAP_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void u1fKeyThatIsListedTwiceIsUpdatedOnce() {
    Rows rows = kit.rows();
    Updates.with(
        kit,
        rows.table(),
        updates -> {
          Put twice = Rows.put(rows.key("twice"), "x", 1);
          Put once = Rows.put(rows.key("once"), "x", 1);
          rows.write(twice, once);
          Map<Key, Integer> results = new ConcurrentHashMap<>();
          updates.update(
              List.of(twice.key(), once.key(), twice.key()),
              (key, stored) -> {
                results.merge(key, 1, Integer::sum);
                return Rows.put(key, "y", row(stored).version() + 1);
              });
          rows.assertHas(Rows.put(twice.key(), "y", 2));
          rows.assertHas(Rows.put(once.key(), "y", 2));
          assertThat(results).containsOnlyKeys(twice.key(), once.key());
        });
  }
}
