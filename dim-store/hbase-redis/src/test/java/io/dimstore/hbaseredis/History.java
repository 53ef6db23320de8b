// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Records which writes began and ended and what readers saw, and checks whether that is consistent.
 * For each key, a read must return the newest version that had been acknowledged or seen by any
 * reader when it began, or a newer one. A returned row must have been written. An absent row is
 * allowed only if a delete or an expired row is at least as new. Of equal versions written one
 * after another the last wins; of concurrent ones any may win. Thread-safe.
 */
final class History {

  private static final long NONE = -1;
  private static final long STANDS = Long.MAX_VALUE;

  /** When writes are recorded, and how new the answers of later reads must be. */
  enum Kind {
    /** Every write is recorded before it can be seen. */
    RECORDED_FIRST,
    /**
     * Writes are recorded at any time, so {@link #end} decides whether a write explains an answer.
     */
    RECORDED_ANY_TIME,
    /**
     * As RECORDED_FIRST, but answers need only be as new as acknowledged writes, not as new as
     * earlier answers.
     */
    ACKNOWLEDGED
  }

  private final Kind kind;
  private final Map<Key, Line> lines = new HashMap<>();
  private final List<Runnable> questions = new ArrayList<>();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong writes = new AtomicLong();
  private long now;

  History(Kind kind) {
    this.kind = kind;
  }

  private static final class Line {
    final List<Written> begun = new ArrayList<>();
    long floor = NONE;
  }

  /** One write. */
  static final class Written {
    final Change change;
    boolean pending = true;
    boolean alone = true;
    long replacedAt = STANDS;

    private Written(Change change) {
      this.change = change;
    }

    private boolean isOver(long millis) {
      return change instanceof Delete || ((Put) change).expiresAtMillis() <= millis;
    }
  }

  /** A read that has begun. */
  record Reading(Key key, long floor, long at, long millis) {}

  long reads() {
    return reads.get();
  }

  long writes() {
    return writes.get();
  }

  synchronized Written begins(Change change) {
    now++;
    Written written = new Written(change);
    for (Written other : line(change.key()).begun) {
      if (other.pending && other.change.version() == change.version()) {
        other.alone = false;
        written.alone = false;
      }
    }
    line(change.key()).begun.add(written);
    return written;
  }

  synchronized void succeeded(Written written) {
    now++;
    writes.incrementAndGet();
    written.pending = false;
    Line line = line(written.change.key());
    line.floor = Math.max(line.floor, written.change.version());
    if (written.alone) {
      for (Written other : line.begun) {
        if (other != written
            && other.change.version() == written.change.version()
            && other.replacedAt == STANDS) {
          other.replacedAt = now;
        }
      }
    }
  }

  synchronized Reading reads(Key key) {
    now++;
    return new Reading(key, line(key).floor, now, System.currentTimeMillis());
  }

  /** Checks an answer. */
  synchronized void saw(Reading reading, Put found) {
    reads.incrementAndGet();
    long end = System.currentTimeMillis();
    Line line = line(reading.key);
    if (found == null) {
      long tombstone = oldestEnd(line, reading, end);
      if (reading.floor == NONE) {
        return;
      }
      if (kind != Kind.RECORDED_ANY_TIME) {
        assertThat(tombstone)
            .as("%s is absent: a delete or expiry that explains it", reading)
            .isNotEqualTo(NONE);
        line.floor = kind == Kind.RECORDED_FIRST ? Math.max(line.floor, tombstone) : line.floor;
      } else {
        questions.add(
            () ->
                assertThat(oldestEnd(line, reading, end))
                    .as("%s is absent: a delete or expiry that explains it", reading)
                    .isNotEqualTo(NONE));
      }
      return;
    }
    assertThat(found.version())
        .as("version of %s for %s, seen or acknowledged before", found, reading)
        .isGreaterThanOrEqualTo(reading.floor);
    assertThat(found.expiresAtMillis()).as("end of %s", found).isGreaterThan(reading.millis);
    if (kind != Kind.RECORDED_ANY_TIME) {
      assertWritten(line, reading, found);
    } else {
      questions.add(() -> assertWritten(line, reading, found));
    }
    line.floor = kind == Kind.ACKNOWLEDGED ? line.floor : Math.max(line.floor, found.version());
  }

  /** Returns the oldest version that explains why a read found no row. */
  private static long oldestEnd(Line line, Reading reading, long end) {
    return line.begun.stream()
        .filter(w -> w.isOver(end) && w.replacedAt > reading.at)
        .mapToLong(w -> w.change.version())
        .filter(version -> version >= reading.floor)
        .min()
        .orElse(NONE);
  }

  private static void assertWritten(Line line, Reading reading, Put found) {
    assertThat(line.begun)
        .as("who wrote %s, which %s found", found, reading)
        .anyMatch(w -> w.change.equals(found) && w.replacedAt > reading.at);
  }

  /**
   * Returns the failure of a test with random numbers. Its message is one line with the seed and
   * the first cause, because summaries of test runs show no more.
   */
  static AssertionError failure(long seed, Throwable failure) {
    Throwable first = failure;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    String cause = first instanceof AssertionError ? first.getMessage() : first.toString();
    return new AssertionError(
        "seed " + seed + ": " + String.valueOf(cause).strip().replaceAll("\\s+", " "), failure);
  }

  /** Checks the answers that could not be checked before. */
  synchronized void end() {
    questions.forEach(Runnable::run);
  }

  private Line line(Key key) {
    return lines.computeIfAbsent(key, k -> new Line());
  }
}
