// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.verify;

import io.dimstore.migration.hash.Digest;
import io.dimstore.migration.hash.RowHash;
import io.dimstore.migration.store.Clock;
import io.dimstore.migration.store.StoredReader;
import io.dimstore.migration.store.StoredReader.Held;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads suspicious keys from both sides again, until each is equal, or differs with versions that
 * did not move while a change had time to arrive. Not thread-safe.
 */
final class Recheck {

  private static final Held NOTHING = new Held(null, null);

  private final StoredReader from;
  private final StoredReader to;
  private final RowHash hash;
  private final VerifySettings settings;
  private final Clock clock;
  private final long oldVersion;

  /**
   * Creates a recheck.
   *
   * @param oldVersion the version below which a tombstone equals the absence of an entry
   */
  Recheck(
      StoredReader from,
      StoredReader to,
      RowHash hash,
      VerifySettings settings,
      Clock clock,
      long oldVersion) {
    this.from = from;
    this.to = to;
    this.hash = hash;
    this.settings = settings;
    this.clock = clock;
    this.oldVersion = oldVersion;
  }

  /** What a key turned out to be. */
  enum Outcome {
    EQUAL,
    /** Equal, because a tombstone that only the target has changes no lookup. */
    TOMBSTONE_IN_TARGET,
    MOVING,
    DIFFERENT
  }

  /** A key's outcome; the difference is null if it is equal. */
  record Result(Outcome outcome, @Nullable Difference difference) {}

  private record Pair(Held from, Held to) {}

  /**
   * Reads keys until each has an outcome.
   *
   * @param keys distinct keys; all of them are held in memory
   * @param found receives each key with its outcome
   * @param waiting receives the number of keys that have none yet
   */
  void read(List<Key> keys, BiConsumer<Key, Result> found, Consumer<Integer> waiting)
      throws InterruptedException {
    Map<Key, Pair> last = new HashMap<>();
    List<Key> left = keys;
    for (int round = 0; !left.isEmpty(); round++) {
      if (round > 0) {
        clock.pause(settings.settle().toNanos());
      }
      // The target first: what the source has by then may be newer, never older.
      Map<Key, Held> target = to.read(left);
      Map<Key, Held> source = from.read(left);
      List<Key> next = new ArrayList<>();
      for (Key key : left) {
        Pair pair = new Pair(source.getOrDefault(key, NOTHING), target.getOrDefault(key, NOTHING));
        Outcome equal = equality(pair);
        if (equal != null) {
          found.accept(key, new Result(equal, null));
        } else if (hasNotMoved(last.get(key), pair)) {
          found.accept(key, new Result(Outcome.DIFFERENT, difference(key, pair)));
        } else if (round >= settings.rounds()) {
          found.accept(key, new Result(Outcome.MOVING, difference(key, pair)));
        } else {
          last.put(key, pair);
          next.add(key);
        }
      }
      left = next;
      waiting.accept(left.size());
    }
  }

  private boolean hasNotMoved(@Nullable Pair before, Pair now) {
    return before != null && same(before.from, now.from) && same(before.to, now.to);
  }

  private boolean same(Held a, Held b) {
    return Objects.equals(a.unreadable(), b.unreadable())
        && Objects.equals(digest(a.change()), digest(b.change()));
  }

  private @Nullable Digest digest(@Nullable Change change) {
    return change == null ? null : hash.of(change);
  }

  private @Nullable Outcome equality(Pair pair) {
    if (pair.from.unreadable() != null || pair.to.unreadable() != null) {
      return null;
    }
    Change source = relevant(pair.from.change());
    Change target = relevant(pair.to.change());
    if (source == null && target == null) {
      return Outcome.EQUAL;
    }
    if (source == null) {
      return target instanceof Delete && target.version() <= clock.millis()
          ? Outcome.TOMBSTONE_IN_TARGET
          : null;
    }
    return target != null && hash.of(source).equals(hash.of(target)) ? Outcome.EQUAL : null;
  }

  /** Returns null for a tombstone beyond the retention. */
  private @Nullable Change relevant(@Nullable Change change) {
    return change instanceof Delete && change.version() < oldVersion ? null : change;
  }

  private Difference difference(Key key, Pair pair) {
    Change source = pair.from.change();
    Change target = pair.to.change();
    String unreadable =
        pair.from.unreadable() != null ? pair.from.unreadable() : pair.to.unreadable();
    return new Difference(
        key.toString(),
        unreadable == null ? kind(source, target) : Difference.Kind.UNREADABLE,
        content(pair.from),
        source == null ? null : source.version(),
        content(pair.to),
        target == null ? null : target.version(),
        unreadable);
  }

  private Difference.Kind kind(@Nullable Change source, @Nullable Change target) {
    if (source == null) {
      return Difference.Kind.EXTRA;
    }
    if (target == null) {
      return Difference.Kind.MISSING;
    }
    if (source.version() != target.version()) {
      return source.version() > target.version() ? Difference.Kind.STALE : Difference.Kind.EXTRA;
    }
    if (source instanceof Put row && target instanceof Put copy) {
      return hash.of(immortal(row)).equals(hash.of(immortal(copy)))
          ? Difference.Kind.EXPIRY
          : Difference.Kind.VALUE;
    }
    return source instanceof Put ? Difference.Kind.MISSING : Difference.Kind.EXTRA;
  }

  private static Put immortal(Put put) {
    return new Put(put.key(), put.row(), put.version());
  }

  private static Difference.Content content(Held held) {
    if (held.unreadable() != null) {
      return Difference.Content.UNREADABLE;
    }
    Change change = held.change();
    if (change == null) {
      return Difference.Content.NOTHING;
    }
    return change instanceof Put ? Difference.Content.ROW : Difference.Content.TOMBSTONE;
  }
}
