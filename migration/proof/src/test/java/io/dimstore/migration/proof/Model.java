// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Put;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a store may show, by the logs of the writers alone. Of each key, the acknowledged change of
 * the highest version counts; a change that was begun and not acknowledged may have been applied or
 * not, or may be applied later. Not thread-safe.
 */
final class Model {

  private final Map<String, NavigableMap<Long, Written>> keys = new TreeMap<>();

  private long acknowledgements;

  /** A change with the times, in epoch milliseconds, at which it was begun and acknowledged. */
  private static final class Written {
    private final Op op;
    private final long begunAt;
    private long acknowledgedAt = Long.MAX_VALUE;

    Written(Op op, long begunAt) {
      this.op = op;
      this.begunAt = begunAt;
    }
  }

  /** Adds a line of a log. */
  void add(String line) {
    String[] words = line.split(" ", -1);
    switch (words[0]) {
      case "B" -> {
        Op op =
            new Op(
                words[2],
                Long.parseLong(words[1]),
                Op.How.valueOf(words[3]),
                Long.parseLong(words[4]));
        begun(op, Long.parseLong(words[5]));
      }
      case "A" -> acknowledged(words[2], Long.parseLong(words[1]), Long.parseLong(words[3]));
      default -> {
        // An empty line, at which a process began.
      }
    }
  }

  void begun(Op op, long at) {
    keys.computeIfAbsent(op.key(), key -> new TreeMap<>())
        .putIfAbsent(op.version(), new Written(op, at));
  }

  void acknowledged(String key, long version, long at) {
    Written written = of(key).get(version);
    if (written == null) {
      throw new IllegalStateException(key + "@" + version + " was acknowledged and never begun");
    }
    written.acknowledgedAt = Math.min(written.acknowledgedAt, at);
    acknowledgements++;
  }

  private NavigableMap<Long, Written> of(String key) {
    return keys.getOrDefault(key, new TreeMap<>());
  }

  Collection<String> keys() {
    return keys.keySet();
  }

  /** Returns how many changes were acknowledged. */
  long acknowledged() {
    return acknowledgements;
  }

  /** Returns the version of the newest change that was begun, or 0. */
  long newest(String key) {
    NavigableMap<Long, Written> all = of(key);
    return all.isEmpty() ? 0 : all.lastKey();
  }

  /** Returns the newest change of a key if it is not known whether it was applied; or null. */
  @Nullable Op unanswered(String key) {
    Map.Entry<Long, Written> last = of(key).lastEntry();
    return last == null || last.getValue().acknowledgedAt < Long.MAX_VALUE
        ? null
        : last.getValue().op;
  }

  /** Returns the changes that a store may show, given what was acknowledged up to a time. */
  private List<Op> candidates(String key, long acknowledgedBy) {
    List<Op> found = new ArrayList<>();
    for (Written written : of(key).descendingMap().values()) {
      found.add(written.op);
      if (written.acknowledgedAt <= acknowledgedBy) {
        return found;
      }
    }
    return found;
  }

  /**
   * Checks an answer of a store.
   *
   * @param shown the row, or null
   * @param acknowledgedBy changes acknowledged up to this time count
   * @param from when the reading began
   * @param to when it ended
   * @return what is wrong, or null
   */
  @Nullable String problem(
      String key, @Nullable Put shown, long acknowledgedBy, long from, long to) {
    List<Op> candidates = candidates(key, acknowledgedBy);
    if (shown == null) {
      boolean mayBeAbsent =
          candidates.isEmpty()
              || isUnacknowledged(candidates.get(candidates.size() - 1), acknowledgedBy)
              || candidates.stream().anyMatch(op -> op.deletes() || op.expiresAt() <= to);
      return mayBeAbsent ? null : "LOST: absent, expected " + candidates;
    }
    Object content = shown.row().get(1);
    Op op = null;
    for (Op each : candidates) {
      if (content instanceof Long version && each.version() == version) {
        op = each;
      }
    }
    if (op == null || op.deletes()) {
      Written older = content instanceof Long version ? of(key).get(version) : null;
      if (older == null || older.op.deletes()) {
        return "INVENTED: " + shown;
      }
      boolean deleted = candidates.stream().allMatch(Op::deletes);
      return (deleted ? "RESURRECTED: " : "STALE: ") + shown + ", expected " + candidates;
    }
    if (!shown.row().equals(Op.row(key, op.version()))) {
      return "MIXED: " + shown + ", expected " + Op.row(key, op.version());
    }
    if (shown.version() != op.version()) {
      return "VERSION: " + shown + ", expected " + op;
    }
    if (shown.expiresAtMillis() != op.expiresAt()) {
      return "EXPIRY: " + shown + ", expected " + op;
    }
    return op.expiresAt() <= from ? "EXPIRED: " + shown + ", read at " + from : null;
  }

  private boolean isUnacknowledged(Op oldest, long acknowledgedBy) {
    Written written = of(oldest.key()).get(oldest.version());
    return written == null || written.acknowledgedAt > acknowledgedBy;
  }

  /**
   * Checks that a store remembers a delete of dimstore: an older put that arrives late could bring
   * the row back otherwise.
   *
   * @param stored what the store has, tombstones included
   */
  @Nullable String forgotten(String key, @Nullable Change stored) {
    List<Op> candidates = candidates(key, Long.MAX_VALUE - 1);
    if (candidates.size() != 1 || candidates.get(0).how() != Op.How.DELETE) {
      return null;
    }
    Op delete = candidates.get(0);
    return stored instanceof Delete && stored.version() >= delete.version()
        ? null
        : "FORGOTTEN: " + stored + ", expected " + delete;
  }

  /** Returns everything that was done to a key, in the order of its versions. */
  String history(String key) {
    StringBuilder text = new StringBuilder();
    for (Written each : of(key).values()) {
      text.append("    ").append(each.op).append(" begun ").append(each.begunAt);
      text.append(
          each.acknowledgedAt == Long.MAX_VALUE
              ? " not acknowledged\n"
              : " acknowledged " + each.acknowledgedAt + "\n");
    }
    return text.toString();
  }
}
