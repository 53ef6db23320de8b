// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.harness;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The clauses of the rules, one sentence each: R1 to R14 of {@link io.dimstore.spi}, F1 to F5 of
 * {@link io.dimstore.spi.ChangeFeed}, M1 to M4 of {@link io.dimstore.spi.Maintenance}, S1 to S3 of
 * {@link io.dimstore.spi.SharedRecords}, C1 to C2 of {@link io.dimstore.spi.StoredChanges} and U1
 * to U2 of {@link io.dimstore.spi.RowUpdates}. The name of every test of the kit begins with the id
 * of the clause that it tests, so that a failure shows which clause a store breaks.
 */
public enum Clause {
  R1A("Element i of a `get`'s answer is the row of key i, or null where it is absent."),
  R1B("A batch may have any size, none and thousands included: the store splits and" + " merges."),
  R1C("A key asked twice has two equal answers."),
  R1D("A key asked twice is read once."),
  R2A("Rows that exceed one response of the server are all found."),
  R2B(
      "Keys that the server left unprocessed are requested again until they are" + " answered.",
      Provocation.PARTIAL_ANSWERS),
  R2C(
      "A key whose answer is still missing at the deadline fails the call with a kind"
          + " that may be retried; it is never absent.",
      Provocation.NOTHING_PROCESSED),
  R2D(
      "One key whose answer is still missing at the deadline fails the call even if"
          + " all others were answered.",
      Provocation.ONE_UNPROCESSED),
  R3A(
      "A write applies if and only if its version is at least the stored one; an"
          + " older one is superseded, which is success without effect."),
  R3B("If a write begins after another write of equal version succeeded, the later one wins."),
  R3C(
      "Of concurrent writes of equal version any may win, but the same one for every"
          + " reader and in every copy."),
  R3D("Versions from 0 to `Versions.MAX` are distinct to the last digit."),
  R3E(
      "A version outside that range fails the whole write with INVALID; the failure"
          + " names every key that has one."),
  R3F("Of concurrent writes to one key the newest wins."),
  R3G("A late cache fill does not undo a write of an equal or newer version."),
  R3H("A late repair does not undo a write of an equal or newer version."),
  R3I(
      "A repair sets a copy that has an equal version but another row to the row of"
          + " the system of record."),
  R4A(
      "A delete has a version and makes the row absent under the rules for puts:"
          + " newer and equal ones apply, older ones do not."),
  R4B(
      "A tombstone is remembered, whether or not there was a row: no older put that"
          + " comes later brings the row back."),
  R4C(
      "`tombstone-retention` counts from the moment at which the delete was applied,"
          + " however old or new its version is."),
  R4D("A tombstone is remembered to the last millisecond of its retention."),
  R4E("When a tombstone ends, no older put becomes visible."),
  R4F("A scan returns tombstones if and only if it is asked for them."),
  R5A(
      "Of many changes to one key in one batch the newest version wins, wherever it"
          + " is in the list."),
  R5B("Of equal versions in one batch the last in the list wins."),
  R6A("A put replaces the whole row: a null hides an older value."),
  R6B("A row of nulls is present, even if only null columns are read."),
  R6C("A put replaces the expiry together with the row."),
  R7A(
      "Sending a whole write again has no further effect, also where only a part of"
          + " it had been applied."),
  R7B("Sending a write again does not undo newer changes."),
  R7C(
      "After a write that failed half-way, sending all of it again applies all of it,"
          + " in any order and from any writer.",
      Provocation.HALF_WRITES),
  R7D(
      "After a write that failed half-way, gets and scans find the same rows: no copy"
          + " has a change that was not applied, or lacks one that was.",
      Provocation.HALF_WRITES),
  R8A(
      "By the store's clock a row is present up to the millisecond before its expiry,"
          + " and absent from its expiry on."),
  R8B("A put that arrives expired is absent, and hides an older row."),
  R8C("Until its expiry plus the retention an expired row counts as a tombstone."),
  R8D("When an expired row is no longer remembered, no older row becomes visible."),
  R8E("The expiry of each row comes back as it was written."),
  R9A("The splits of a scan are disjoint and jointly complete."),
  R9B(
      "A scan neither loses nor repeats a row that did not change while other rows"
          + " are written."),
  R9C(
      "A split is text: another `DimensionStore` can continue from it, and reading"
          + " it again gives the same rows."),
  R9D("A key range includes its first key and excludes its last."),
  R9E("A scan reads the requested columns in their order."),
  R9F("A page has at most as many entries as requested, and may be empty before the" + " end."),
  R9G("A row that cannot be decoded is reported in its page and does not end the" + " scan."),
  R9H("A text that is not a split of this table and format fails INVALID."),
  R9I(
      "A scan neither loses nor repeats a row while the store splits and merges its"
          + " partitions.",
      Provocation.REORGANISED),
  R10A("Every value of every type comes back equal."),
  R10B(
      "Null, empty text, empty bytes and the text of a store's null literal are"
          + " distinct values."),
  R10C("A projection reads its columns in its order."),
  R10D("Every key of every type comes back equal, and ranges follow the order of keys."),
  R10E("Composite keys are distinct even if the concatenations of their parts are" + " equal."),
  R10F(
      "`write` refuses a key that the store cannot hold with INVALID and names the"
          + " key; `get` answers absent for it."),
  R10G("A key that the store cannot hold does not affect the other keys of a `get`."),
  R11A("A table that does not exist fails NO_TABLE."),
  R11B(
      "`createIfAbsent` keeps an existing table, and `validate` accepts a"
          + " declaration if and only if it fits the table."),
  R11C(
      "INVALID names every key to blame, and nothing of the write is applied, except"
          + " where only a server can tell that a row is too large."),
  R11D("CORRUPT names the keys that cannot be read; a `get` of the other keys" + " succeeds."),
  R11E("An unknown option or a value of the wrong type fails INVALID and names the" + " option."),
  R11F("A store and its tables have exactly the optional interfaces that are declared."),
  R11G("A call that a server refuses for lack of permissions fails DENIED.", Provocation.DENIED),
  R11H(
      "A call that a server throttles fails THROTTLED, or TIMEOUT if the deadline"
          + " ends the attempts.",
      Provocation.THROTTLED),
  R11I(
      "Calls fail UNAVAILABLE or TIMEOUT while a server is down, and succeed again"
          + " when it is back.",
      Provocation.AWAY),
  R11J(
      "Calls fail TIMEOUT while a server does not answer, and succeed again when it" + " does.",
      Provocation.STUCK),
  R12A("Every call after `close()` fails CLOSED."),
  R12B("Calls pending at `close()` end with their answer or CLOSED."),
  R12C("`close()` is idempotent, and works on a store that was never used."),
  R12D("Many open-close cycles leave no more threads and connections behind than one" + " cycle."),
  R12E(
      "Even while a server is stuck, `close()` ends pending calls CLOSED in bounded"
          + " time, and leaves no threads and connections behind.",
      Provocation.STUCK),
  R13A("A `get` that begins after a successful `write` sees that write or a newer one."),
  R13B(
      "This holds for a `get` through another `DimensionStore`, even for a key that"
          + " it has read before."),
  R13C(
      "While others write, no reader sees an older version than a write that"
          + " succeeded before its `get` began."),
  R13D("If a write did not reach a copy, reads are stale for at most `max-age`."),
  R14A(
      "Calls beyond `max-pending` keys fail THROTTLED at once, reads and writes"
          + " alike; the others are carried out."),
  R14B("A call larger than `max-pending` is admitted alone."),
  R14C("A call that has ended, even by a failure, no longer counts against `max-" + "pending`."),
  R14D("Every call ends by its deadline, with its answer or a kind that may be" + " retried."),
  R14E(
      "The deadline of a call starts when the call is admitted, even if it waits"
          + " behind a server that is stuck.",
      Provocation.STUCK),
  R14F(
      "Memory is bounded: while a server is stuck and calls keep coming, calls that"
          + " have ended are no longer held in memory, and are not sent when the server is"
          + " back.",
      Provocation.STUCK),
  R14G(
      "A stuck cache does not fail a `get`: the system of record answers within the" + " deadline.",
      Provocation.CACHE_STUCK),
  R14H(
      "Memory is bounded while a cache is stuck, too: calls that have ended are no"
          + " longer held in memory, and are not sent to the cache when it is back.",
      Provocation.CACHE_STUCK),
  R14I("No call blocks its caller, even while a server is stuck.", Provocation.STUCK),
  R14J(
      "A slow cache does not slow down lookups under load: the system of record"
          + " answers when it is faster.",
      Provocation.CACHE_SLOW),
  F1A("A change that is applied after `follow` succeeded is found from its" + " positions."),
  F1B(
      "From the earliest positions, earlier changes are found too, as far back as"
          + " the store keeps changes."),
  F1C("A superseded write is not a change and is not found."),
  F2A("The changes of one key come in the order in which they were applied."),
  F2B("The versions of a key do not decrease while several writers write the key."),
  F2C(
      "The order of a key's changes holds while the store splits and merges its" + " partitions.",
      Provocation.REORGANISED),
  F3A("Polling a position again returns the same changes."),
  F3B("A position is text: another `DimensionStore` can continue from it."),
  F3C(
      "A page has at most as many changes as requested, and the next position"
          + " continues after it."),
  F4A("A row is returned equal to what was written, for every type."),
  F4B(
      "The version and the expiry are returned as written, even for a row that has"
          + " expired meanwhile; a removal is returned as a `Delete` with its version."),
  F5A(
      "A position whose changes the store has dropped fails NO_TABLE, and the message"
          + " names the remedy.",
      Provocation.CHANGES_DROPPED),
  F5B("A position of another table, store or format fails INVALID."),
  F5C("A table that does not exist fails NO_TABLE."),
  F5D("A closed store fails CLOSED."),
  F5E("A table whose changes are not kept fails NO_TABLE."),
  M1A(
      "`backlog` counts the keys of writes that did not reach every copy, and says"
          + " whether there are more."),
  M1B("After `repair` readers find what the system of record has."),
  M1C("Repeated calls of `repair` come to an end, and the backlog is then empty."),
  M1D("A write that reached every copy is not in the backlog."),
  M2A(
      "A check covers every row and every entry, and reports no key whose copy"
          + " equals the system of record."),
  M2B(
      "A check reports each key whose copy differs from the system of record, with"
          + " the kind of difference."),
  M2C(
      "A check changes nothing unless it is asked to heal; a key reported as healed"
          + " reads as the system of record has it."),
  M2D("A check never changes the system of record."),
  M3A("A purge removes the tombstones and expired rows whose retention is over."),
  M3B("A purge keeps and counts those whose retention has a millisecond left."),
  M3C("A purge removes nothing else."),
  M3D("A purged key stays absent."),
  M4A("A split of another table or store fails INVALID."),
  M4B("A comparison of a table that does not exist fails NO_TABLE."),
  M4C("After `close()` every call fails CLOSED."),
  S1A(
      "`read` returns the record that the last successful `replace` wrote through any"
          + " `DimensionStore`, even if it has read the record before."),
  S1B(
      "A `replace` succeeds if and only if the record has the expected revision, 0 for an"
          + " absent one."),
  S1C("Of concurrent replacements of one revision exactly one succeeds."),
  S1D(
      "A `replace` whose answer was lost never reports false although it took effect.",
      Provocation.ANSWERS_LOST),
  S1E("Every name and content within the limits comes back equal, empty content included."),
  S2A("`list` returns the records whose names begin with the prefix, and no others."),
  S2B("A page has at most as many records as requested."),
  S3A("A name, content or revision outside the limits fails INVALID."),
  S3B("After the store's `close()` every call for records fails CLOSED."),
  C1A(
      "Element i of the answer belongs to key i, whatever the size of the batch; a key asked"
          + " twice has two equal answers."),
  C1B("A row is returned with all value columns, its version and its expiry."),
  C1C(
      "A removal is returned as a `Delete` with its version, and an expired row as one with"
          + " the version of the row, as long as the store remembers it."),
  C1D(
      "A key that was never written is null, and so is one that the store cannot hold; the"
          + " other keys are answered."),
  C1E(
      "A call that begins after a write through any `DimensionStore` succeeded sees that"
          + " write, even for a key that was read before."),
  C2A(
      "A row that cannot be decoded fails CORRUPT, which names its key; a call for the other"
          + " keys succeeds."),
  C2B("A table that does not exist fails NO_TABLE."),
  C2C("After the store's `close()` every call fails CLOSED."),
  U1A(
      "The function is given the newest stored change with all value columns: a row; a `Delete`"
          + " with its version for a removed or an expired row, as long as the store remembers it;"
          + " null for a key that was never written."),
  U1B(
      "The result is stored as a write would store it: the next read sees the row or its"
          + " absence, in every copy."),
  U1C("A key for which the function returns null keeps what is stored."),
  U1D(
      "Of concurrent updates of a key none is lost: each is computed from the result of another,"
          + " or from what was stored before."),
  U1E(
      "A write of another version that is applied between the read and the write of an update is"
          + " not lost: the function is called again with it."),
  U1F("A key that is listed twice is updated once."),
  U2A(
      "A result that has another key, a version that is not greater than the stored one, or a"
          + " value that the table cannot hold fails INVALID, which names the key; what was stored"
          + " remains."),
  U2B("A table that does not exist fails NO_TABLE."),
  U2C("After the store's `close()` every call fails CLOSED.");

  private static final Pattern TEST = Pattern.compile("([rfmscu]\\d+[a-z])[A-Z].*");

  private final String sentence;
  private final @Nullable Provocation provocation;

  Clause(String sentence) {
    this(sentence, null);
  }

  Clause(String sentence, @Nullable Provocation provocation) {
    this.sentence = sentence;
    this.provocation = provocation;
  }

  /** Returns the clause that a test method tests, or empty if its name does not contain one. */
  public static Optional<Clause> ofTest(String method) {
    Matcher matcher = TEST.matcher(method);
    return matcher.matches()
        ? Optional.of(valueOf(matcher.group(1).toUpperCase(Locale.ROOT)))
        : Optional.empty();
  }

  /** Returns the id, for instance R9b. */
  public String id() {
    int last = name().length() - 1;
    return name().substring(0, last) + name().substring(last).toLowerCase(Locale.ROOT);
  }

  /** Returns the rule that this clause belongs to, for instance R9. */
  public String rule() {
    return name().substring(0, name().length() - 1);
  }

  /** Returns the text of the clause; code is in backticks. */
  public String sentence() {
    return sentence;
  }

  /** Returns the provocation that is needed to test this clause, if any. */
  public Optional<Provocation> provocation() {
    return Optional.ofNullable(provocation);
  }

  @Override
  public String toString() {
    return id();
  }
}
