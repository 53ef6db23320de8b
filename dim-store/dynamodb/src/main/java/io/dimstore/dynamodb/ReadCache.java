package io.dimstore.dynamodb;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of the rows of one table. An entry holds a row, or that there is none,
 * for as long as it is young; after that, or after a change, it still holds what the next read must
 * not fall behind. Bounded by an estimate of its bytes. Thread-safe.
 */
final class ReadCache {

  /** No version is known. */
  static final long NONE = -1;

  private final long maxAgeMillis;
  private volatile long ageLimitMillis;
  private final Cache<Key, Entry> entries;

  ReadCache(Duration maxAge, long maxBytes) {
    this.maxAgeMillis = maxAge.toMillis();
    this.ageLimitMillis = maxAgeMillis;
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .<Key, Entry>weigher(
                (key, entry) ->
                    (int) Math.min(Integer.MAX_VALUE, Weight.of(key) + Weight.of(entry.row())))
            // No threads: what is evicted is evicted by whoever filled the cache.
            .executor(Runnable::run)
            .build();
  }

  /**
   * What is known of a key. Two entries are the same only if they are the same object: that is how
   * a read notices that there was a change meanwhile.
   */
  static final class Entry {
    private final boolean known;
    private final @Nullable Put row;
    private final long askedAtMillis;
    private final long atLeast;
    private final boolean absent;
    private final boolean changed;
    private final @Nullable Object layout;

    private Entry(
        boolean known,
        @Nullable Put row,
        long askedAtMillis,
        long atLeast,
        boolean absent,
        boolean changed,
        @Nullable Object layout) {
      this.known = known;
      this.row = row;
      this.askedAtMillis = askedAtMillis;
      this.atLeast = atLeast;
      this.absent = absent;
      this.changed = changed;
      this.layout = layout;
    }

    private static Entry unknown(long atLeast, boolean absent, boolean changed) {
      return new Entry(false, null, 0, atLeast, absent, changed, null);
    }

    @Nullable Put row() {
      return row;
    }

    /**
     * Whether a row may be older than what was answered before. After an absence any row may be: it
     * has no version.
     */
    boolean mayBeBehind(@Nullable Put found) {
      return found == null ? atLeast > NONE : absent || found.version() < atLeast;
    }

    /** Whether only a strong read can tell: this process has written the key. */
    boolean needsStrongRead() {
      return changed;
    }
  }

  /** What is known of a key now; remembered, so that a change from now on is noticed. */
  Entry find(Key key) {
    return entries.get(key, missing -> Entry.unknown(NONE, false, false));
  }

  /** Whether the entry answers a read of this layout at this time. */
  boolean isFresh(Entry entry, Object layout, long nowMillis) {
    long age = nowMillis - entry.askedAtMillis;
    return entry.known && age >= 0 && age < ageLimitMillis && layout.equals(entry.layout);
  }

  /**
   * Keeps what a read found.
   *
   * @param seen what was known when the read began
   * @param askedAtMillis when it began: the row may be as old as that
   */
  void fill(Key key, Entry seen, @Nullable Put row, long askedAtMillis, Object layout) {
    Entry found =
        new Entry(
            true,
            row,
            askedAtMillis,
            row == null ? NONE : row.version(),
            row == null,
            false,
            layout);
    entries
        .asMap()
        .computeIfPresent(
            key,
            (same, now) -> {
              if (now == seen) {
                return found;
              }
              if (now.known && versionOf(now) == versionOf(found)) {
                return now;
              }
              // There was a change or another read beside this one. Each was answered, and no
              // answer from now on may be older than one of them: only a strong one is sure not to.
              return Entry.unknown(Math.max(now.atLeast, found.atLeast), false, true);
            });
  }

  private static long versionOf(Entry entry) {
    return entry.row == null ? NONE : entry.row.version();
  }

  /** Surrounds a write of this process: what was known is no more, whatever becomes of it. */
  <T> CompletableFuture<T> writing(List<Change> changes, Supplier<CompletableFuture<T>> write) {
    changes.forEach(change -> forget(change.key(), change.version()));
    CompletableFuture<T> written;
    try {
      written = write.get();
    } catch (RuntimeException e) {
      written = CompletableFuture.failedFuture(e);
    }
    // Reads that began before the end may have found what was there before.
    return written.whenComplete(
        (done, failure) -> changes.forEach(change -> forget(change.key(), change.version())));
  }

  private void forget(Key key, long version) {
    entries
        .asMap()
        .compute(
            key,
            (same, now) ->
                Entry.unknown(now == null ? version : Math.max(now.atLeast, version), false, true));
  }

  /**
   * Takes notice of changes that somebody made. Each ends an entry that holds anything else: a row
   * that another tool removed or overwrote has no higher version than before.
   */
  void changed(Collection<Change> changes) {
    for (Change change : changes) {
      entries
          .asMap()
          .computeIfPresent(
              change.key(),
              (same, now) ->
                  now.known && change.equals(now.row)
                      ? now
                      : Entry.unknown(
                          Math.max(now.atLeast, change.version()), now.absent, now.changed));
    }
  }

  /** Takes notice of a change of which no more is known. */
  void changedSomehow(Key key) {
    forget(key, NONE);
  }

  /**
   * Takes notice that any key may have changed. The next read of each known key is a strong one: a
   * replica that is behind would bring back what was there before.
   */
  void anythingMayHaveChanged() {
    entries.asMap().replaceAll((key, now) -> Entry.unknown(now.atLeast, now.absent, true));
  }

  /** Answers with entries up to this age, or up to {@code max-age} if that is less. */
  void limitAge(Duration age) {
    ageLimitMillis = Math.min(maxAgeMillis, age.toMillis());
  }

  /** Answers with entries up to {@code max-age} again. */
  void liftAgeLimit() {
    ageLimitMillis = maxAgeMillis;
  }

  /** The estimated bytes of all entries. */
  long bytes() {
    entries.cleanUp();
    return entries.policy().eviction().orElseThrow().weightedSize().orElse(0);
  }
}
