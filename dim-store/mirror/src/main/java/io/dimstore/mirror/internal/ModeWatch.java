// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.mirror.control.KnownMode;
import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.ModeRecords;
import io.dimstore.spi.Durations;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of a table's mode, and since when. The record in {@code to} and its copy
 * in {@code from} are read independently: one of them suffices, and the later change counts.
 * Thread-safe.
 */
final class ModeWatch {

  /**
   * What is known.
   *
   * @param known the mode of the latest change that was read
   * @param asOfNanos when the latest successful read began
   */
  record Knowledge(KnownMode known, long asOfNanos) {

    MirrorMode mode() {
      return known.mode();
    }

    private Knowledge with(KnownMode found, long begin) {
      return new Knowledge(known.orNewer(found), asOfNanos - begin > 0 ? asOfNanos : begin);
    }
  }

  private final String table;
  private final long validityNanos;
  private final LongSupplier nanoTime;
  private final Source record;
  private final Source copy;
  private final Object lock = new Object();
  private volatile @Nullable Knowledge knowledge;
  private @Nullable Knowledge learned;
  private CompletableFuture<Void> nextRead = new CompletableFuture<>();
  private int running;

  /** One of the two places from which the mode is read. */
  private static final class Source {
    private final Supplier<CompletionStage<KnownMode>> call;
    private final AtomicBoolean reading = new AtomicBoolean();

    /** Why the record that was read last cannot be understood, or null if it can. */
    private volatile @Nullable StoreException unreadable;

    Source(Supplier<CompletionStage<KnownMode>> call) {
      this.call = call;
    }
  }

  ModeWatch(String table, ModeRecords records, Duration validity, LongSupplier nanoTime) {
    this.table = table;
    this.record = new Source(records::read);
    this.copy = new Source(records::readCopy);
    this.validityNanos = validity.toNanos();
    this.nanoTime = nanoTime;
  }

  /** Returns what is known, however old, or null if no read has succeeded yet. */
  @Nullable Knowledge knowledge() {
    return knowledge;
  }

  /** Returns whether this knowledge may still be acted upon. */
  boolean isValid(Knowledge each) {
    return unreadable() == null && nanoTime.getAsLong() - each.asOfNanos() <= validityNanos;
  }

  /** Returns whether a call that began with this knowledge ends in time. */
  boolean isValidWithin(Knowledge each, Duration deadline) {
    return nanoTime.getAsLong() - each.asOfNanos() <= validityNanos + deadline.toNanos();
  }

  /**
   * Returns why the mode cannot be understood, or null if it can. A record that one of the two
   * sides holds may be of a later change than that of the other side, so either is an error.
   */
  private @Nullable StoreException unreadable() {
    StoreException ofRecord = record.unreadable;
    return ofRecord == null ? copy.unreadable : ofRecord;
  }

  /** Begins to read the records, except those that are being read. */
  void refresh() {
    read(record);
    read(copy);
  }

  /** Returns knowledge that may be acted upon; fails UNAVAILABLE if there is none. */
  CompletionStage<Knowledge> valid() {
    Knowledge held = knowledge;
    if (held != null && isValid(held)) {
      return CompletableFuture.completedFuture(held);
    }
    return read()
        .thenApply(
            done -> {
              StoreException wrong = unreadable();
              Knowledge read = knowledge;
              if (wrong != null) {
                throw wrong;
              }
              if (read == null || !isValid(read)) {
                throw new StoreException(
                    Kind.UNAVAILABLE,
                    "The mode of mirrored table '"
                        + table
                        + "' could not be read for more than 'mode.validity' ("
                        + Durations.format(Duration.ofNanos(validityNanos))
                        + "), so it may have changed");
              }
              return read;
            });
  }

  /** Returns knowledge of any age; waits for the first read if there is none. */
  CompletionStage<Knowledge> latest() {
    Knowledge held = knowledge;
    return held != null && unreadable() == null ? CompletableFuture.completedFuture(held) : valid();
  }

  /** Completes when a read has succeeded, or all reads that are running have failed. */
  private CompletableFuture<Void> read() {
    CompletableFuture<Void> next;
    synchronized (lock) {
      next = nextRead;
    }
    refresh();
    return next;
  }

  private void read(Source source) {
    if (!source.reading.compareAndSet(false, true)) {
      return;
    }
    synchronized (lock) {
      running++;
    }
    long begin = nanoTime.getAsLong();
    CompletionStage<KnownMode> stage;
    try {
      stage = source.call.get();
    } catch (RuntimeException e) {
      stage = CompletableFuture.failedFuture(e);
    }
    stage.whenComplete(
        (found, failure) -> {
          source.reading.set(false);
          end(source, found, failure, begin);
        });
  }

  private void end(
      Source source, @Nullable KnownMode found, @Nullable Throwable failure, long begin) {
    CompletableFuture<Void> waiting = null;
    synchronized (lock) {
      running--;
      if (found != null) {
        source.unreadable = null;
        learned = learned == null ? new Knowledge(found, begin) : learned.with(found, begin);
      } else {
        StoreException known = StoreException.find(failure);
        if (known != null && known.kind() == Kind.CORRUPT) {
          source.unreadable = known;
        }
      }
      // At first, both reads have to end: one alone may find a mode that is being replaced.
      if (knowledge != null || running == 0) {
        knowledge = learned;
      }
      if ((found != null && knowledge != null) || running == 0) {
        waiting = nextRead;
        nextRead = new CompletableFuture<>();
      }
    }
    if (waiting != null) {
      waiting.complete(null);
    }
  }
}
