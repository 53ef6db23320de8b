package io.dimstore.hbaseredis;

import io.dimstore.spi.Projection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of {@link Scripts}: what each is told for the entries of one table, in the
 * order that it expects, and what its answers say. Thread-safe.
 */
final class EntryScripts {

  /** What is told in place of a lease where there is none. */
  static final byte[] NO_LEASE = {};

  private static final byte[] SAME_LEASE = Utf8.encode(Scripts.SAME_LEASE);
  private static final byte[] COMMON_LEASE = {'1'};
  private static final byte[] OWN_LEASES = {'2'};
  private static final byte[] SETTLE_EQUAL = {'1'};
  private static final byte[] LEAVE_EQUAL = {'0'};

  private final RedisForm form;
  private final byte[] maxAgeMillis;
  private final byte[] leaseMillis;

  /**
   * Scripts for one table.
   *
   * @param maxAge how long an entry lives at most
   * @param lease how long a lease may be held
   */
  EntryScripts(RedisForm form, Duration maxAge, Duration lease) {
    this.form = form;
    this.maxAgeMillis = millis(maxAge);
    this.leaseMillis = millis(lease);
  }

  private static byte[] millis(Duration time) {
    return Utf8.encode(Long.toString(Math.max(1, time.toMillis())));
  }

  /**
   * A script to be run, and what its answers say.
   *
   * @param call the script and what it is told
   * @param meaning of the answers, which may each be for some of the keys
   */
  record Run<T>(ScriptCall call, Function<List<ScriptCall.Answer>, T> meaning) {}

  /**
   * What rows have on which leases were to be taken.
   *
   * @param leases the lease on each row now, which may be another reader's; empty where there is
   *     none
   * @param entries what the rows have entries of hold, null where they do not tell; empty where all
   *     have leases
   */
  record Leased(List<byte[]> leases, List<@Nullable Stored> entries) {}

  /** Takes this lease on each key that has nothing, and reads those that have an entry. */
  Run<Leased> lease(byte[] lease, List<byte[]> names, Projection columns) {
    ScriptCall call =
        new ScriptCall(form.format().lease(), List.of(lease, maxAgeMillis, leaseMillis), names);
    return new Run<>(call, answers -> leased(answers, lease, names.size(), columns));
  }

  private Leased leased(
      List<ScriptCall.Answer> answers, byte[] lease, int size, Projection columns) {
    List<byte[]> leases = new ArrayList<>(Collections.nCopies(size, lease));
    List<@Nullable Stored> stored = List.of();
    for (ScriptCall.Answer answer : answers) {
      List<?> others = (List<?>) answer.value();
      for (int i = 0; i + 1 < others.size(); i += 2) {
        int at = answer.keys()[((Long) others.get(i)).intValue() - 1];
        byte[] value = (byte[]) others.get(i + 1);
        if (EntryCodec.isLease(value)) {
          leases.set(at, Reign.untagged(value));
          continue;
        }
        leases.set(at, NO_LEASE);
        if (stored.isEmpty()) {
          stored = new ArrayList<>(Collections.nCopies(size, null));
        }
        stored.set(at, value.length == 0 ? null : form.stored(value, columns));
      }
    }
    return new Leased(leases, stored);
  }

  /**
   * What settling entries did.
   *
   * @param made entries that were made
   * @param healed entries that were replaced or removed
   * @param voided leases that were voided
   * @param older values that are older than the entry that is there
   */
  record Settled(long made, long healed, long voided, long older) {

    private Settled plus(Settled other) {
      return new Settled(
          made + other.made, healed + other.healed, voided + other.voided, older + other.older);
    }
  }

  /**
   * Makes the entries of keys that still have these leases.
   *
   * @param leases of each key; empty for none
   */
  Run<Settled> fill(List<byte[]> leases, List<byte[]> names, List<byte[]> entries) {
    byte[] common = leases.get(0);
    boolean same = true;
    List<byte[]> told = new ArrayList<>(leases.size());
    for (byte[] lease : leases) {
      boolean isCommon = Arrays.equals(lease, common);
      same &= isCommon;
      told.add(isCommon ? SAME_LEASE : lease);
    }
    return settle(LEAVE_EQUAL, common, same ? List.of() : told, names, entries);
  }

  /** Brings entries in step, makes none, and voids the leases of these keys. */
  Run<Settled> apply(List<byte[]> names, List<byte[]> entries) {
    return settle(SETTLE_EQUAL, NO_LEASE, List.of(), names, entries);
  }

  private Run<Settled> settle(
      byte[] equals,
      byte[] commonLease,
      List<byte[]> leases,
      List<byte[]> names,
      List<byte[]> entries) {
    List<byte[]> written = new ArrayList<>(entries.size());
    for (byte[] entry : entries) {
      written.add(form.written(entry));
    }
    ScriptCall call =
        new ScriptCall(
            form.format().settle(),
            List.of(
                maxAgeMillis,
                equals,
                commonLease,
                leaseMillis,
                leases.isEmpty() ? COMMON_LEASE : OWN_LEASES),
            names,
            leases,
            written,
            form.isTagged());
    return new Run<>(call, EntryScripts::settled);
  }

  private static Settled settled(List<ScriptCall.Answer> answers) {
    Settled all = new Settled(0, 0, 0, 0);
    for (ScriptCall.Answer answer : answers) {
      List<?> counts = (List<?>) answer.value();
      all =
          all.plus(
              new Settled(
                  (Long) counts.get(0),
                  (Long) counts.get(1) + (Long) counts.get(2),
                  (Long) counts.get(3),
                  (Long) counts.get(4)));
    }
    return all;
  }

  /** Removes the entries that still are the ones seen, and says of each whether it was. */
  Run<List<Boolean>> remove(List<byte[]> names, List<byte[]> seen) {
    ScriptCall call =
        new ScriptCall(
            form.format().remove(),
            List.of(),
            names,
            List.of(),
            seen.stream().map(form::written).toList(),
            form.isTagged());
    return new Run<>(
        call, answers -> inOrder(answers, names.size(), false, count -> (Long) count > 0));
  }

  /**
   * Reads hashes: of each key the values of these fields, or without any all fields and values in
   * turn; nothing of a key that nobody answered for.
   */
  Run<List<List<?>>> readHashes(List<byte[]> names, List<byte[]> fields) {
    return new Run<>(
        new ScriptCall(Scripts.READ_HASH, fields, names),
        answers -> inOrder(answers, names.size(), List.of(), values -> (List<?>) values));
  }

  /** Answers of one element for each key, in the order of the keys. */
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
