// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.entry;

import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.RowState;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.hbaseredis.internal.redis.ReplicationEpoch;
import io.dimstore.hbaseredis.internal.script.ScriptCall;
import io.dimstore.hbaseredis.internal.script.Scripts;
import io.dimstore.spi.Projection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of {@link Scripts} for the entries of one table: assembles the arguments of
 * each script and decodes its answers. Thread-safe.
 */
public final class EntryScripts {

  /** Stands for a missing lease in the arguments of the scripts. */
  public static final byte[] NO_LEASE = {};

  private static final byte[] SAME_LEASE = Utf8.encode(Scripts.SAME_LEASE);
  private static final byte[] COMMON_LEASE = {'1'};
  private static final byte[] OWN_LEASES = {'2'};
  private static final byte[] REMOVE_EQUAL = {'1'};
  private static final byte[] LEAVE_EQUAL = {'0'};

  private final EntryFormatter formatter;
  private final byte[] maxAgeMillis;
  private final byte[] leaseMillis;

  /**
   * Creates the scripts for one table.
   *
   * @param maxAge how long an entry lives at most
   * @param lease how long a lease may be held
   */
  EntryScripts(EntryFormatter formatter, Duration maxAge, Duration lease) {
    this.formatter = formatter;
    this.maxAgeMillis = millis(maxAge);
    this.leaseMillis = millis(lease);
  }

  private static byte[] millis(Duration time) {
    return Utf8.encode(Long.toString(Math.max(1, time.toMillis())));
  }

  /**
   * The result of taking leases, for each row.
   *
   * @param leases the lease that the row has now, which may be another reader's; an empty array if
   *     the row has none
   * @param entries the row states of the entries that were found; null for rows without an entry
   *     and for entries that cannot be used. The list is empty if no entry was found
   */
  public record Leased(List<byte[]> leases, List<@Nullable RowState> entries) {}

  /**
   * Takes this lease on each key that has neither entry nor lease, and reads the entries that
   * exist.
   */
  ScriptCall<Leased> lease(byte[] lease, List<byte[]> names, Projection columns) {
    return new ScriptCall<>(
        Scripts.lease(formatter.format()),
        List.of(lease, maxAgeMillis, leaseMillis),
        names,
        answers -> leased(answers, lease, names.size(), columns));
  }

  private Leased leased(
      List<ScriptCall.Answer> answers, byte[] lease, int size, Projection columns) {
    List<byte[]> leases = new ArrayList<>(Collections.nCopies(size, lease));
    List<@Nullable RowState> stored = List.of();
    for (ScriptCall.Answer answer : answers) {
      List<?> others = (List<?>) answer.value();
      for (int i = 0; i + 1 < others.size(); i += 2) {
        int at = answer.keys()[((Long) others.get(i)).intValue() - 1];
        byte[] value = (byte[]) others.get(i + 1);
        if (EntryCodec.isLease(value)) {
          leases.set(at, ReplicationEpoch.untagged(value));
          continue;
        }
        leases.set(at, NO_LEASE);
        if (stored.isEmpty()) {
          stored = new ArrayList<>(Collections.nCopies(size, null));
        }
        stored.set(at, value.length == 0 ? null : formatter.stored(value, columns));
      }
    }
    return new Leased(leases, stored);
  }

  /**
   * The counts of one reconciliation of entries.
   *
   * @param created entries that were created
   * @param healed entries that were replaced or removed
   * @param invalidated leases that were invalidated
   * @param older values that were older than the existing entry
   */
  public record Reconciled(long created, long healed, long invalidated, long older) {

    private Reconciled plus(Reconciled other) {
      return new Reconciled(
          created + other.created,
          healed + other.healed,
          invalidated + other.invalidated,
          older + other.older);
    }
  }

  /**
   * Creates the entries of keys that still have these leases. The entries of other keys are
   * updated, never created.
   *
   * @param leases the lease of each key; {@link #NO_LEASE} for none
   */
  ScriptCall<Reconciled> fill(List<byte[]> leases, List<byte[]> names, List<byte[]> entries) {
    byte[] common = leases.get(0);
    boolean same = true;
    List<byte[]> arguments = new ArrayList<>(leases.size());
    for (byte[] lease : leases) {
      boolean isCommon = Arrays.equals(lease, common);
      same &= isCommon;
      arguments.add(isCommon ? SAME_LEASE : lease);
    }
    return reconcile(LEAVE_EQUAL, common, same ? List.of() : arguments, names, entries);
  }

  /**
   * Updates or removes existing entries, creates none, and invalidates the leases of these keys.
   */
  ScriptCall<Reconciled> apply(List<byte[]> names, List<byte[]> entries) {
    return reconcile(REMOVE_EQUAL, NO_LEASE, List.of(), names, entries);
  }

  private ScriptCall<Reconciled> reconcile(
      byte[] equals,
      byte[] commonLease,
      List<byte[]> leases,
      List<byte[]> names,
      List<byte[]> entries) {
    List<byte[]> written = new ArrayList<>(entries.size());
    for (byte[] entry : entries) {
      written.add(formatter.written(entry));
    }
    return new ScriptCall<>(
        Scripts.reconcile(formatter.format()),
        List.of(
            maxAgeMillis,
            equals,
            commonLease,
            leaseMillis,
            leases.isEmpty() ? COMMON_LEASE : OWN_LEASES),
        names,
        leases,
        written,
        formatter.isTagged(),
        EntryScripts::reconciled);
  }

  private static Reconciled reconciled(List<ScriptCall.Answer> answers) {
    Reconciled all = new Reconciled(0, 0, 0, 0);
    for (ScriptCall.Answer answer : answers) {
      List<?> counts = (List<?>) answer.value();
      all =
          all.plus(
              new Reconciled(
                  (Long) counts.get(0),
                  (Long) counts.get(1) + (Long) counts.get(2),
                  (Long) counts.get(3),
                  (Long) counts.get(4)));
    }
    return all;
  }

  /**
   * Removes each entry that is unchanged since it was seen. The answer is, for each key, whether
   * its entry was removed.
   */
  ScriptCall<List<Boolean>> remove(List<byte[]> names, List<byte[]> seen) {
    return new ScriptCall<>(
        Scripts.remove(formatter.format()),
        List.of(),
        names,
        List.of(),
        seen.stream().map(formatter::written).toList(),
        formatter.isTagged(),
        answers -> inOrder(answers, names.size(), false, count -> (Long) count > 0));
  }

  /** Fences keys for this time. The answer is the number of keys. */
  ScriptCall<Long> fence(List<byte[]> names, Duration life) {
    return new ScriptCall<>(
        Scripts.FENCE,
        List.of(EntryCodec.fence(), millis(life)),
        names,
        answers -> answers.stream().mapToLong(answer -> (Long) answer.value()).sum());
  }

  /**
   * Reads hashes. The answer has, for each key, the values of these fields, or, if no fields are
   * given, all field names and values alternating. It is an empty list for a key whose server did
   * not answer.
   */
  ScriptCall<List<List<?>>> readHashes(List<byte[]> names, List<byte[]> fields) {
    return new ScriptCall<>(
        Scripts.READ_HASH,
        fields,
        names,
        answers -> inOrder(answers, names.size(), List.of(), values -> (List<?>) values));
  }

  /** Joins answers that have one element for each key, in the order of the keys. */
  private static <T> List<T> inOrder(
      List<ScriptCall.Answer> answers, int size, T unanswered, Function<Object, T> element) {
    List<T> all = new ArrayList<>(Collections.nCopies(size, unanswered));
    for (ScriptCall.Answer answer : answers) {
      List<?> values = (List<?>) answer.value();
      for (int i = 0; i < answer.keys().length; i++) {
        all.set(answer.keys()[i], element.apply(values.get(i)));
      }
    }
    return all;
  }
}
