package io.dimstore.tck;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The clauses of the rules, one sentence each: R1 to R14 of {@link io.dimstore.spi}, F1 to F5 of
 * {@link io.dimstore.spi.ChangeFeed} and M1 to M4 of {@link io.dimstore.spi.Maintenance}. The name
 * of every test of the kit begins with the id of the clause that it is about, so that a failure
 * names what a store breaks.
 */
public enum Clause {
  R1A("Element i of a `get`'s answer is the row of key i, or null where it is absent."),
  R1B("A batch may have any size, none and thousands included: the store splits and" + " merges."),
  R1C("A key asked twice answers twice and alike."),
  R1D("A key asked twice is read once."),
  R2A("Rows that exceed one response of the server are all found."),
  R2B(
      "What the server left unprocessed is asked for again until it is answered.",
      Provocation.PARTIAL_ANSWERS),
  R2C(
      "A key whose answer is still missing at the deadline fails the call with a kind"
          + " that may be retried; it is never absent.",
      Provocation.NOTHING_PROCESSED),
  R3A(
      "A write applies if and only if its version is at least the stored one; an"
          + " older one is superseded, which is success without effect."),
  R3B("Of equal versions, each written after the one before it succeeded, the later" + " stands."),
  R3C(
      "Of equal versions written at the same time either may stand, alike for every"
          + " reader and in every copy."),
  R3D("Versions from 0 to `Versions.MAX` are told apart to the last digit."),
  R3E(
      "A number that is no version fails the whole write INVALID; the failure names"
          + " every key to blame."),
  R3F("Of concurrent writes of one key the newest stands."),
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
  R4E("The end of a tombstone makes nothing visible."),
  R4F("A scan returns tombstones where they are asked for, and only there."),
  R5A(
      "Of many changes to one key in one batch the newest version stands, wherever it"
          + " is in the list."),
  R5B("Of equal versions in one batch the last in the list stands."),
  R6A("A put replaces the whole row: a null hides an older value."),
  R6B("A row of nulls is a row, also where only null columns are read."),
  R6C("A put replaces the expiry together with the row."),
  R7A(
      "Sending a whole write again has no further effect, also where only a part of"
          + " it had been applied."),
  R7B("A write that is sent again undoes nothing newer."),
  R7C(
      "After a write that failed half-way, sending all of it again applies all of it,"
          + " in any order and from any writer.",
      Provocation.HALF_WRITES),
  R8A(
      "By the store's clock a row is present up to the millisecond before its expiry,"
          + " and absent from its expiry on."),
  R8B("A put that arrives expired is absent, and hides an older row."),
  R8C("Until its expiry plus the retention an expired row counts as a tombstone."),
  R8D("The end of an expired row makes nothing visible."),
  R8E("The expiry of each row comes back as it was written."),
  R9A("The splits of a scan are disjoint and jointly complete."),
  R9B("A scan beside writers neither loses nor repeats a row that did not change."),
  R9C(
      "A split is text: another opening goes on from it, and it gives the same rows"
          + " when it is read again."),
  R9D("A key range has its first key and not its last."),
  R9E("A scan reads the columns asked for, in their order."),
  R9F("A page has at most as many entries as asked for, and may be empty before the" + " end."),
  R9G("A row that cannot be decoded is reported in its page and ends no scan."),
  R9H("A text that is no split of this table and format fails INVALID."),
  R9I(
      "A scan neither loses nor repeats a row while the store splits and merges its"
          + " partitions.",
      Provocation.REORGANISED),
  R10A("Every value of every type comes back equal."),
  R10B("Null, empty text, empty bytes and the text of a store's null literal are told" + " apart."),
  R10C("A projection reads its columns in its order."),
  R10D("Every key of every type comes back equal, and ranges follow the order of keys."),
  R10E("Composite keys whose parts would run together are told apart."),
  R10F(
      "A key that a store cannot hold is refused by `write` with INVALID and its"
          + " name, and absent for `get`."),
  R10G("A key that a store cannot hold costs no other key of a `get`."),
  R11A("A table that is not there fails NO_TABLE."),
  R11B(
      "`createIfAbsent` keeps a table that is there, and `validate` accepts a"
          + " declaration that fits it and no other."),
  R11C("INVALID names every key to blame, and nothing of the write is applied."),
  R11D("CORRUPT names the keys that cannot be read, and costs only their lookups."),
  R11E("An unknown option or a value of another type fails INVALID, and names the" + " option."),
  R11F("What a table can do besides is what the store declares."),
  R11G("A refusal for lack of rights fails DENIED.", Provocation.DENIED),
  R11H(
      "A server that asks to slow down fails THROTTLED, or TIMEOUT where the deadline"
          + " ends the attempts.",
      Provocation.THROTTLED),
  R11I(
      "A server that is away fails UNAVAILABLE or TIMEOUT, and the store goes on when"
          + " it is back.",
      Provocation.AWAY),
  R11J(
      "A server that does not answer fails TIMEOUT, and the store goes on when it"
          + " answers again.",
      Provocation.STUCK),
  R12A("Every call after `close()` fails CLOSED."),
  R12B("Calls pending at `close()` end with their answer or CLOSED."),
  R12C("`close()` is idempotent, and needs no call before it."),
  R12D("Open-close cycles leave no threads and connections beyond those that one" + " leaves."),
  R12E(
      "Also while a server is stuck, `close()` ends pending calls CLOSED in bounded"
          + " time, and leaves no threads and connections behind.",
      Provocation.STUCK),
  R13A("A `get` that begins after a successful `write` sees that write or a newer one."),
  R13B(
      "This holds for a `get` through another opening, also of a key that it has read"
          + " before."),
  R13C("No reader goes back behind a write that succeeded while others write."),
  R13D("Where a copy could not be told of a write, reads are stale for at most `max-age`" + "."),
  R14A(
      "Calls beyond `max-pending` keys fail THROTTLED at once, reads and writes"
          + " alike; the others are carried out."),
  R14B("A call larger than `max-pending` is admitted alone."),
  R14C("A call that has ended, also by a failure, makes room."),
  R14D("Every call ends by its deadline, with its answer or a kind that may be" + " retried."),
  R14E(
      "The deadline starts when a call is admitted, also for work that waits behind a"
          + " server that is stuck.",
      Provocation.STUCK),
  R14F(
      "Memory is bounded: with a stuck server and calls without end, what has ended"
          + " is no longer held, and is not sent when the server is back.",
      Provocation.STUCK),
  R14G(
      "A stuck cache costs no answers: the system of record gives them within the" + " deadline.",
      Provocation.CACHE_STUCK),
  F1A("What is applied after `follow` succeeded is found from its positions."),
  F1B(
      "From the earliest positions, what was applied before is found too, as far back"
          + " as the store keeps changes."),
  F1C("A superseded write changed nothing and is not found."),
  F2A("The changes of one key come in the order in which they were applied."),
  F2B("The versions of a key do not fall while many write."),
  F3A("A position polled again gives the same changes again."),
  F3B("A position is text: another opening goes on from it."),
  F3C(
      "A page has at most as many changes as asked for, and the next position goes on"
          + " after it."),
  F4A("A row comes equal, in every type."),
  F4B(
      "The version and the expiry come equal, also of a row that has expired"
          + " meanwhile; a removal comes as a `Delete` with its version."),
  F5A(
      "A position whose changes the store has dropped fails NO_TABLE, and the message"
          + " names the remedy.",
      Provocation.CHANGES_DROPPED),
  F5B("A position of another table, store or format fails INVALID."),
  F5C("A table that is not there fails NO_TABLE."),
  F5D("A closed store fails CLOSED."),
  M1A(
      "What a write could not tell a copy is counted by `backlog`, which says whether"
          + " there is more."),
  M1B("After `repair` readers find what the truth has."),
  M1C("Called again and again, a repair comes to an end, and the backlog with it."),
  M1D("A write that reached every copy is not owed."),
  M2A("A check leads past every row and every entry and reports none that is in step."),
  M2B(
      "A check reports each key whose copy says something else than the truth, as"
          + " what it is."),
  M2C(
      "A check changes nothing unless asked to; what it reports as healed is read as"
          + " the truth has it."),
  M2D("The truth is never touched by a check."),
  M3A("A purge forgets the tombstones and expired rows whose retention is over."),
  M3B("A purge keeps and counts those whose retention has a millisecond left."),
  M3C("A purge takes nothing else away."),
  M3D("What was forgotten stays absent."),
  M4A("A split of another table or store fails INVALID."),
  M4B("A comparison of a table that is not there fails NO_TABLE."),
  M4C("After `close()` everything fails CLOSED.");

  private static final Pattern TEST = Pattern.compile("([rfm]\\d+[a-z])[A-Z].*");

  private final String sentence;
  private final @Nullable Provocation provocation;

  Clause(String sentence) {
    this(sentence, null);
  }

  Clause(String sentence, @Nullable Provocation provocation) {
    this.sentence = sentence;
    this.provocation = provocation;
  }

  /** Returns the clause that a test method is about, or empty where its name has none. */
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

  /** Returns the rule that this is a clause of, for instance R9. */
  public String rule() {
    return name().substring(0, name().length() - 1);
  }

  /** Returns what must hold; code in backticks. */
  public String sentence() {
    return sentence;
  }

  /** Returns what the servers have to be made to do before this can be tested, if anything. */
  public Optional<Provocation> provocation() {
    return Optional.ofNullable(provocation);
  }

  @Override
  public String toString() {
    return id();
  }
}
