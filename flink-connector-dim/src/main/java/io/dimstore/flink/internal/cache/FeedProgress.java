// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.cache;

import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far the change feed of a table was followed: a span of time without a gap. Every change that
 * was applied within the span, as far as the feed reports it without delay, is in the entries. An
 * entry that was read within the span is therefore as fresh as the end of the span.
 *
 * <p>A new span begins after a gap. The span before is kept, so that entries age from where it
 * ended and are not all void at the same moment. Thread-safe.
 */
final class FeedProgress {

  /** The present span and the one before. Immutable. */
  static final class Reach {

    private static final Reach NONE = new Reach(false, 0, 0, null);

    private final boolean any;
    private final long fromNanos;
    private final long toNanos;
    private final @Nullable Reach before;

    private Reach(boolean any, long fromNanos, long toNanos, @Nullable Reach before) {
      this.any = any;
      this.fromNanos = fromNanos;
      this.toNanos = toNanos;
      this.before = before;
    }

    /** Returns the time as of which an entry is known that was read at the given time. */
    long asOf(long readNanos) {
      for (Reach span = this; span != null; span = span.before) {
        if (span.any && readNanos - span.fromNanos >= 0) {
          return readNanos - span.toNanos >= 0 ? readNanos : span.toNanos;
        }
      }
      return readNanos;
    }

    /** Returns the last span in which the feed was read, without the one before it. */
    private @Nullable Reach last() {
      boolean wasFollowed = any && toNanos - fromNanos > 0;
      return wasFollowed ? new Reach(true, fromNanos, toNanos, null) : before;
    }
  }

  /** The parts of one span, with the time up to which each of them was read. */
  final class Span {

    private final long fromNanos;
    private final Map<FeedPosition, Long> parts = new HashMap<>();

    private Span(long fromNanos) {
      this.fromNanos = fromNanos;
    }

    /**
     * Returns whether the changes after a position were certainly applied after this time. The
     * first changes of a span may have been applied before it, and be known already.
     */
    boolean isAfter(FeedPosition position, long nanos) {
      synchronized (FeedProgress.this) {
        Long upTo = parts.get(position);
        return upTo != null && upTo - fromNanos > 0 && upTo - nanos > 0;
      }
    }

    /**
     * Records that a page was handled.
     *
     * @param beganNanos when the page was requested
     * @param isAll whether the page had every change up to that time
     */
    void handled(FeedPosition position, FeedPage page, long beganNanos, boolean isAll) {
      synchronized (FeedProgress.this) {
        Long before = parts.remove(position);
        if (before == null) {
          return;
        }
        // The parts that continue an ended one may have had changes before the page was requested.
        long upTo = isAll && page.next().size() == 1 ? beganNanos : before;
        page.next().forEach(next -> parts.merge(next, upTo, FeedProgress::earlier));
        if (current == this && !parts.isEmpty()) {
          publish(parts.values());
        }
      }
    }
  }

  private volatile Reach reach = Reach.NONE;
  private @Nullable Span current;

  /** Returns how far the feed was followed. To be read before the entry that is judged by it. */
  Reach reach() {
    return reach;
  }

  /**
   * Begins a span.
   *
   * @param nowNanos a time after the positions were received: changes from then on are found
   */
  synchronized Span begin(Collection<FeedPosition> positions, long nowNanos) {
    Span span = new Span(nowNanos);
    positions.forEach(position -> span.parts.put(position, nowNanos));
    current = span;
    reach = new Reach(true, nowNanos, nowNanos, reach.last());
    return span;
  }

  /** Ends the present span: nothing that is read later belongs to it. */
  synchronized void end() {
    if (current != null) {
      current = null;
      reach = new Reach(false, 0, 0, reach.last());
    }
  }

  private void publish(Collection<Long> upTo) {
    Reach now = reach;
    long earliest = upTo.stream().reduce(FeedProgress::earlier).orElseThrow();
    if (earliest - now.toNanos > 0) {
      reach = new Reach(true, now.fromNanos, earliest, now.before);
    }
  }

  private static long earlier(long one, long other) {
    return one - other <= 0 ? one : other;
  }
}
