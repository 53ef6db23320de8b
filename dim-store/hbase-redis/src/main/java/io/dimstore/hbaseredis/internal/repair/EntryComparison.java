// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.repair;

import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.RowState;
import io.dimstore.spi.Maintenance.Difference.Kind;
import io.dimstore.spi.Projection;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Compares what HBase holds for a key with its entry in Redis. Thread-safe. */
final class EntryComparison {

  private final EntryCodec entries;
  private final Projection all;

  EntryComparison(Layout layout, EntryCodec entries) {
    this.entries = entries;
    this.all = Projection.all(layout.mappings().length);
  }

  /** The result of comparing one key. */
  sealed interface Verdict permits InStep, NotCopied, Differs {}

  /** Both hold the same row, or both hold no row. */
  record InStep() implements Verdict {}

  /**
   * There is no entry, or a lease, or an entry of another layout. Readers of this layout then read
   * HBase.
   */
  record NotCopied() implements Verdict {}

  /** They differ. */
  record Differs(Kind kind) implements Verdict {}

  private static final Verdict IN_STEP = new InStep();
  private static final Verdict NOT_COPIED = new NotCopied();

  /**
   * Compares one key.
   *
   * @param inHBase the state of the row in HBase, null if it cannot be read
   * @param entry the bytes in Redis, null if there are none
   * @param now the time for expiry, in epoch milliseconds
   */
  Verdict of(@Nullable RowState inHBase, byte @Nullable [] entry, long now) {
    if (inHBase == null) {
      return new Differs(Kind.UNREADABLE);
    }
    if (entry == null) {
      return NOT_COPIED;
    }
    if (!EntryCodec.isKnown(entry)) {
      return new Differs(Kind.UNREADABLE);
    }
    RowState inRedis;
    try {
      inRedis = entries.decode(entry, all);
    } catch (RuntimeException e) {
      return new Differs(Kind.UNREADABLE);
    }
    if (inRedis == null) {
      return NOT_COPIED;
    }
    Kind kind = kind(inHBase, inRedis, entry, now);
    return kind == null ? IN_STEP : new Differs(kind);
  }

  private @Nullable Kind kind(RowState inHBase, RowState inRedis, byte[] entry, long now) {
    if (inHBase instanceof RowState.Present row
        && inRedis instanceof RowState.Present copied
        && row.version() == copied.version()) {
      return ofOneVersion(row, copied, entry);
    }
    boolean isRow = isRow(inHBase, now);
    if (isRow != isRow(inRedis, now)) {
      return isRow ? Kind.MISSING : Kind.EXTRA;
    }
    if (inRedis instanceof RowState.Nothing) {
      return null;
    }
    // Versions count even if neither has a row, because an entry refuses writes of lower versions.
    int order = Long.compare(version(inRedis), version(inHBase));
    return order == 0 ? null : order < 0 ? Kind.STALE : Kind.EXTRA;
  }

  private @Nullable Kind ofOneVersion(RowState.Present row, RowState.Present copied, byte[] entry) {
    if (!row.copyable()) {
      return Kind.VALUE;
    }
    if (Arrays.equals(entry, entries.encode(row))) {
      return null;
    }
    if (!row.row().equals(copied.row())) {
      return Kind.VALUE;
    }
    return row.expiresAt() == copied.expiresAt() ? null : Kind.EXPIRY;
  }

  private static boolean isRow(RowState stored, long now) {
    return stored instanceof RowState.Present row && now < row.expiresAt();
  }

  /** Returns the version, or -1 for {@link RowState.Nothing}, since versions begin at 0. */
  private static long version(RowState stored) {
    if (stored instanceof RowState.Present row) {
      return row.version();
    }
    return stored instanceof RowState.Tombstone tombstone ? tombstone.version() : -1;
  }

  /** Whether two states read from HBase are the same. */
  static boolean isSame(@Nullable RowState before, @Nullable RowState after) {
    if (before instanceof RowState.Tombstone was && after instanceof RowState.Tombstone is) {
      // The tombstone of another tool's delete has the time of reading as its time, so only
      // versions count.
      return was.version() == is.version();
    }
    return before == null ? after == null : before.equals(after);
  }
}
