package io.dimstore.hbaseredis;

import io.dimstore.spi.Maintenance.Difference.Kind;
import io.dimstore.spi.Projection;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Compares what HBase holds for a key with its entry in Redis. Thread-safe. */
final class Comparison {

  private final EntryCodec entries;
  private final Projection all;

  Comparison(Layout layout, EntryCodec entries) {
    this.entries = entries;
    this.all = Projection.all(layout.slots().length);
  }

  /** What comparing one key says. */
  sealed interface Verdict permits InStep, NotCopied, Differs {}

  /** Both say the same. */
  record InStep() implements Verdict {}

  /** Readers of this layout ask HBase: there is no entry, or a lease, or another layout's. */
  record NotCopied() implements Verdict {}

  /** They differ. */
  record Differs(Kind kind) implements Verdict {}

  private static final Verdict IN_STEP = new InStep();
  private static final Verdict NOT_COPIED = new NotCopied();

  /**
   * Compares one key.
   *
   * @param truth what HBase holds, or null where that cannot be read
   * @param entry the bytes in Redis, or null where there are none
   * @param now when the two are read
   */
  Verdict of(@Nullable Stored truth, byte @Nullable [] entry, long now) {
    if (truth == null) {
      return new Differs(Kind.UNREADABLE);
    }
    if (entry == null) {
      return NOT_COPIED;
    }
    if (!EntryCodec.isKnown(entry)) {
      return new Differs(Kind.UNREADABLE);
    }
    Stored held;
    try {
      held = entries.decode(entry, all);
    } catch (RuntimeException e) {
      return new Differs(Kind.UNREADABLE);
    }
    if (held == null) {
      return NOT_COPIED;
    }
    Kind kind = kind(truth, held, entry, now);
    return kind == null ? IN_STEP : new Differs(kind);
  }

  private @Nullable Kind kind(Stored truth, Stored held, byte[] entry, long now) {
    if (truth instanceof Stored.Present row
        && held instanceof Stored.Present copied
        && row.version() == copied.version()) {
      return ofOneVersion(row, copied, entry);
    }
    boolean isRow = isRow(truth, now);
    if (isRow != isRow(held, now)) {
      return isRow ? Kind.MISSING : Kind.EXTRA;
    }
    if (held instanceof Stored.Nothing) {
      return null;
    }
    // Also where both say that there is no row: the version of an entry guards it against writes.
    int order = Long.compare(version(held), version(truth));
    return order == 0 ? null : order < 0 ? Kind.STALE : Kind.EXTRA;
  }

  private @Nullable Kind ofOneVersion(Stored.Present row, Stored.Present copied, byte[] entry) {
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

  private static boolean isRow(Stored stored, long now) {
    return stored instanceof Stored.Present row && now < row.expiresAt();
  }

  /** Versions begin at 0: what has none is older than all. */
  private static long version(Stored stored) {
    if (stored instanceof Stored.Present row) {
      return row.version();
    }
    return stored instanceof Stored.Tombstone tombstone ? tombstone.version() : -1;
  }

  /** Whether HBase holds the same as before. */
  static boolean isSame(@Nullable Stored before, @Nullable Stored after) {
    if (before instanceof Stored.Tombstone was && after instanceof Stored.Tombstone is) {
      // One that another tool's delete stands for was applied whenever it is read.
      return was.version() == is.version();
    }
    return before == null ? after == null : before.equals(after);
  }
}
