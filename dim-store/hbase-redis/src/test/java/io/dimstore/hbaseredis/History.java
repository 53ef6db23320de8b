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
 * What writers began and finished and what readers saw, and whether it may have been so. Per key: a
 * read answers with the newest of all that had been acknowledged or seen by anyone when it began,
 * or with something newer; a row is one that was written; nothing is an answer only where a delete
 * or a row that is over is as new. Of equal versions written one after another the last stands; of
 * those written at one time any may. Thread-safe.
 */
final class History {

  private static final long NONE = -1;
  private static final long STANDS = Long.MAX_VALUE;

  /** What a history knows and asks. */
  enum Kind {
    /** Every write is told of before it can be seen. */
    TOLD,
    /** Writes are told of at some time: what one may explain is looked at in {@link #end}. */
    TOLD_LATER,
    /** As the first; what was seen binds nobody, only what was acknowledged does. */
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

  /** Judges an answer. */
  synchronized void saw(Reading reading, Put found) {
    reads.incrementAndGet();
    long end = System.currentTimeMillis();
    Line line = line(reading.key);
    if (found == null) {
      long tombstone = oldestEnd(line, reading, end);
      if (reading.floor == NONE) {
        return;
      }
      if (kind != Kind.TOLD_LATER) {
        assertThat(tombstone).as("nothing of %s: what took it away", reading).isNotEqualTo(NONE);
        line.floor = kind == Kind.TOLD ? Math.max(line.floor, tombstone) : line.floor;
      } else {
        questions.add(
            () ->
                assertThat(oldestEnd(line, reading, end))
                    .as("nothing of %s: what took it away", reading)
                    .isNotEqualTo(NONE));
      }
      return;
    }
    assertThat(found.version())
        .as("version of %s for %s, seen or acknowledged before", found, reading)
        .isGreaterThanOrEqualTo(reading.floor);
    assertThat(found.expiresAtMillis()).as("end of %s", found).isGreaterThan(reading.millis);
    if (kind != Kind.TOLD_LATER) {
      assertWritten(line, reading, found);
    } else {
      questions.add(() -> assertWritten(line, reading, found));
    }
    line.floor = kind == Kind.ACKNOWLEDGED ? line.floor : Math.max(line.floor, found.version());
  }

  /** The oldest version that explains why a read found nothing. */
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

  /** Judges what could not be judged before. */
  synchronized void end() {
    questions.forEach(Runnable::run);
  }

  private Line line(Key key) {
    return lines.computeIfAbsent(key, k -> new Line());
  }
}
