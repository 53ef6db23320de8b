/**
 * The contract between dimension stores and everything that reads or writes dimension tables.
 *
 * <h2>Concepts</h2>
 *
 * A {@link io.dimstore.spi.DimensionStore} is opened by its {@link
 * io.dimstore.spi.DimensionStoreFactory} and hands out {@link io.dimstore.spi.DimensionTable}s. A
 * table maps a {@link io.dimstore.spi.Key} to a {@link io.dimstore.spi.Row}. Rows change by
 * versioned {@link io.dimstore.spi.Change}s: a {@link io.dimstore.spi.Put} or a {@link
 * io.dimstore.spi.Delete}, which leaves a tombstone.
 *
 * <h2>Rules</h2>
 *
 * Each rule has clauses. The conformance kit has tests for each clause, whose names begin with its
 * id.
 *
 * <ul>
 *   <li><b>R1</b> {@code get} answers in the order asked, whatever the size of the batch: the store
 *       splits and merges. A key asked twice is read once.
 *       <ul>
 *         <li><b>R1a</b> Element i of a {@code get}'s answer is the row of key i, or null where it
 *             is absent.
 *         <li><b>R1b</b> A batch may have any size, none and thousands included: the store splits
 *             and merges.
 *         <li><b>R1c</b> A key asked twice has two equal answers.
 *         <li><b>R1d</b> A key asked twice is read once.
 *       </ul>
 *   <li><b>R2</b> Absent is never confused with unknown: what the server left unprocessed is
 *       retried within the deadline; after that the call fails.
 *       <ul>
 *         <li><b>R2a</b> Rows that exceed one response of the server are all found.
 *         <li><b>R2b</b> Keys that the server left unprocessed are requested again until they are
 *             answered.
 *         <li><b>R2c</b> A key whose answer is still missing at the deadline fails the call with a
 *             kind that may be retried; it is never absent.
 *         <li><b>R2d</b> One key whose answer is still missing at the deadline fails the call even
 *             if all others were answered.
 *       </ul>
 *   <li><b>R3</b> A write applies if and only if its version is at least the stored one; an older
 *       one is superseded, which is success without effect. If a write begins after another write
 *       of equal version succeeded, the later one wins. Of concurrent writes of equal version any
 *       may win, but the same one in every copy. Cache fills and repairs apply only if strictly
 *       newer; a repair sets a copy of equal version but another row to the row of the system of
 *       record. Versions are 0 to {@link io.dimstore.spi.Versions#MAX}; others fail INVALID.
 *       <ul>
 *         <li><b>R3a</b> A write applies if and only if its version is at least the stored one; an
 *             older one is superseded, which is success without effect.
 *         <li><b>R3b</b> If a write begins after another write of equal version succeeded, the
 *             later one wins.
 *         <li><b>R3c</b> Of concurrent writes of equal version any may win, but the same one for
 *             every reader and in every copy.
 *         <li><b>R3d</b> Versions from 0 to {@code Versions.MAX} are distinct to the last digit.
 *         <li><b>R3e</b> A version outside that range fails the whole write with INVALID; the
 *             failure names every key that has one.
 *         <li><b>R3f</b> Of concurrent writes to one key the newest wins.
 *         <li><b>R3g</b> A late cache fill does not undo a write of an equal or newer version.
 *         <li><b>R3h</b> A late repair does not undo a write of an equal or newer version.
 *         <li><b>R3i</b> A repair sets a copy that has an equal version but another row to the row
 *             of the system of record.
 *       </ul>
 *   <li><b>R4</b> Deletes are versioned and leave a tombstone for {@code tombstone-retention} of
 *       wall-clock time from the moment they were applied, however old their version is. During
 *       that time no late older put brings the row back. When the tombstone ends, no older put
 *       becomes visible.
 *       <ul>
 *         <li><b>R4a</b> A delete has a version and makes the row absent under the rules for puts:
 *             newer and equal ones apply, older ones do not.
 *         <li><b>R4b</b> A tombstone is remembered, whether or not there was a row: no older put
 *             that comes later brings the row back.
 *         <li><b>R4c</b> {@code tombstone-retention} counts from the moment at which the delete was
 *             applied, however old or new its version is.
 *         <li><b>R4d</b> A tombstone is remembered to the last millisecond of its retention.
 *         <li><b>R4e</b> When a tombstone ends, no older put becomes visible.
 *         <li><b>R4f</b> A scan returns tombstones if and only if it is asked for them.
 *       </ul>
 *   <li><b>R5</b> Of many changes to one key in one batch the newest version wins; of equal
 *       versions the last in the list.
 *       <ul>
 *         <li><b>R5a</b> Of many changes to one key in one batch the newest version wins, wherever
 *             it is in the list.
 *         <li><b>R5b</b> Of equal versions in one batch the last in the list wins.
 *       </ul>
 *   <li><b>R6</b> A put replaces the whole row: a null hides an older value.
 *       <ul>
 *         <li><b>R6a</b> A put replaces the whole row: a null hides an older value.
 *         <li><b>R6b</b> A row of nulls is present, even if only null columns are read.
 *         <li><b>R6c</b> A put replaces the expiry together with the row.
 *       </ul>
 *   <li><b>R7</b> A failed {@code write} may have applied any part of the batch. Sending all of it
 *       again is safe.
 *       <ul>
 *         <li><b>R7a</b> Sending a whole write again has no further effect, also where only a part
 *             of it had been applied.
 *         <li><b>R7b</b> Sending a write again does not undo newer changes.
 *         <li><b>R7c</b> After a write that failed half-way, sending all of it again applies all of
 *             it, in any order and from any writer.
 *         <li><b>R7d</b> After a write that failed half-way, gets and scans find the same rows: no
 *             copy has a change that was not applied, or lacks one that was.
 *       </ul>
 *   <li><b>R8</b> By the store's clock a row is absent from the millisecond of its expiry on, also
 *       where the server deletes late or the put arrives expired. Until its expiry plus the
 *       tombstone retention it counts as a tombstone.
 *       <ul>
 *         <li><b>R8a</b> By the store's clock a row is present up to the millisecond before its
 *             expiry, and absent from its expiry on.
 *         <li><b>R8b</b> A put that arrives expired is absent, and hides an older row.
 *         <li><b>R8c</b> Until its expiry plus the retention an expired row counts as a tombstone.
 *         <li><b>R8d</b> When an expired row is no longer remembered, no older row becomes visible.
 *         <li><b>R8e</b> The expiry of each row comes back as it was written.
 *       </ul>
 *   <li><b>R9</b> The splits of a scan are disjoint and jointly complete. A scan resumed from a
 *       returned split neither loses nor repeats a row that did not change. A page may be empty
 *       before the end. A row that cannot be decoded is reported in its page and does not end the
 *       scan.
 *       <ul>
 *         <li><b>R9a</b> The splits of a scan are disjoint and jointly complete.
 *         <li><b>R9b</b> A scan neither loses nor repeats a row that did not change while other
 *             rows are written.
 *         <li><b>R9c</b> A split is text: another {@code DimensionStore} can continue from it, and
 *             reading it again gives the same rows.
 *         <li><b>R9d</b> A key range includes its first key and excludes its last.
 *         <li><b>R9e</b> A scan reads the requested columns in their order.
 *         <li><b>R9f</b> A page has at most as many entries as requested, and may be empty before
 *             the end.
 *         <li><b>R9g</b> A row that cannot be decoded is reported in its page and does not end the
 *             scan.
 *         <li><b>R9h</b> A text that is not a split of this table and format fails INVALID.
 *         <li><b>R9i</b> A scan neither loses nor repeats a row while the store splits and merges
 *             its partitions.
 *       </ul>
 *   <li><b>R10</b> Every value of every type comes back equal, null, empty text and bytes, and the
 *       text of a store's null literal included. For a key that a store cannot hold, {@code write}
 *       fails INVALID and {@code get} answers absent.
 *       <ul>
 *         <li><b>R10a</b> Every value of every type comes back equal.
 *         <li><b>R10b</b> Null, empty text, empty bytes and the text of a store's null literal are
 *             distinct values.
 *         <li><b>R10c</b> A projection reads its columns in its order.
 *         <li><b>R10d</b> Every key of every type comes back equal, and ranges follow the order of
 *             keys.
 *         <li><b>R10e</b> Composite keys are distinct even if the concatenations of their parts are
 *             equal.
 *         <li><b>R10f</b> {@code write} refuses a key that the store cannot hold with INVALID and
 *             names the key; {@code get} answers absent for it.
 *         <li><b>R10g</b> A key that the store cannot hold does not affect the other keys of a
 *             {@code get}.
 *       </ul>
 *   <li><b>R11</b> All failures are a {@link io.dimstore.spi.StoreException} whose kind says
 *       whether to retry. INVALID and CORRUPT name the keys, so that a caller can ask for the
 *       others again.
 *       <ul>
 *         <li><b>R11a</b> A table that does not exist fails NO_TABLE.
 *         <li><b>R11b</b> {@code createIfAbsent} keeps an existing table, and {@code validate}
 *             accepts a declaration if and only if it fits the table.
 *         <li><b>R11c</b> INVALID names every key to blame, and nothing of the write is applied,
 *             except where only a server can tell that a row is too large.
 *         <li><b>R11d</b> CORRUPT names the keys that cannot be read; a {@code get} of the other
 *             keys succeeds.
 *         <li><b>R11e</b> An unknown option or a value of the wrong type fails INVALID and names
 *             the option.
 *         <li><b>R11f</b> A store and its tables have exactly the optional interfaces that are
 *             declared.
 *         <li><b>R11g</b> A call that a server refuses for lack of permissions fails DENIED.
 *         <li><b>R11h</b> A call that a server throttles fails THROTTLED, or TIMEOUT if the
 *             deadline ends the attempts.
 *         <li><b>R11i</b> Calls fail UNAVAILABLE or TIMEOUT while a server is down, and succeed
 *             again when it is back.
 *         <li><b>R11j</b> Calls fail TIMEOUT while a server does not answer, and succeed again when
 *             it does.
 *       </ul>
 *   <li><b>R12</b> After {@code close()} pending and later calls fail CLOSED. Open-close cycles
 *       leave no threads or connections behind.
 *       <ul>
 *         <li><b>R12a</b> Every call after {@code close()} fails CLOSED.
 *         <li><b>R12b</b> Calls pending at {@code close()} end with their answer or CLOSED.
 *         <li><b>R12c</b> {@code close()} is idempotent, and works on a store that was never used.
 *         <li><b>R12d</b> Many open-close cycles leave no more threads and connections behind than
 *             one cycle.
 *         <li><b>R12e</b> Even while a server is stuck, {@code close()} ends pending calls CLOSED
 *             in bounded time, and leaves no threads and connections behind.
 *       </ul>
 *   <li><b>R13</b> A {@code get} that begins after a successful {@code write} sees that write or a
 *       newer one, with strong reads and all servers up. Under faults it is stale for at most the
 *       store's {@code max-age}.
 *       <ul>
 *         <li><b>R13a</b> A {@code get} that begins after a successful {@code write} sees that
 *             write or a newer one.
 *         <li><b>R13b</b> This holds for a {@code get} through another {@code DimensionStore}, even
 *             for a key that it has read before.
 *         <li><b>R13c</b> While others write, no reader sees an older version than a write that
 *             succeeded before its {@code get} began.
 *         <li><b>R13d</b> If a write did not reach a copy, reads are stale for at most {@code
 *             max-age}.
 *       </ul>
 *   <li><b>R14</b> Calls beyond {@code max-pending} keys fail THROTTLED at once. The deadline of a
 *       call starts when it is admitted. Memory is bounded, and no call blocks its caller.
 *       <ul>
 *         <li><b>R14a</b> Calls beyond {@code max-pending} keys fail THROTTLED at once, reads and
 *             writes alike; the others are carried out.
 *         <li><b>R14b</b> A call larger than {@code max-pending} is admitted alone.
 *         <li><b>R14c</b> A call that has ended, even by a failure, no longer counts against {@code
 *             max-pending}.
 *         <li><b>R14d</b> Every call ends by its deadline, with its answer or a kind that may be
 *             retried.
 *         <li><b>R14e</b> The deadline of a call starts when the call is admitted, even if it waits
 *             behind a server that is stuck.
 *         <li><b>R14f</b> Memory is bounded: while a server is stuck and calls keep coming, calls
 *             that have ended are no longer held in memory, and are not sent when the server is
 *             back.
 *         <li><b>R14g</b> A stuck cache does not fail a {@code get}: the system of record answers
 *             within the deadline.
 *         <li><b>R14h</b> Memory is bounded while a cache is stuck, too: calls that have ended are
 *             no longer held in memory, and are not sent to the cache when it is back.
 *         <li><b>R14i</b> No call blocks its caller, even while a server is stuck.
 *         <li><b>R14j</b> A slow cache does not slow down lookups under load: the system of record
 *             answers when it is faster.
 *       </ul>
 * </ul>
 *
 * <h2>SQL types and their classes</h2>
 *
 * <table>
 * <caption>The class of a value, by its column's type. Null stands for SQL NULL.</caption>
 * <tr><th>SQL type</th><th>{@link io.dimstore.spi.DataType}</th><th>class</th></tr>
 * <tr><td>BOOLEAN</td><td>{@code Simple.BOOLEAN}</td><td>{@link java.lang.Boolean}</td></tr>
 * <tr><td>TINYINT, SMALLINT, INT, BIGINT</td><td>{@code Simple}</td><td>{@link java.lang.Byte},
 *   {@link java.lang.Short}, {@link java.lang.Integer}, {@link java.lang.Long}</td></tr>
 * <tr><td>FLOAT, DOUBLE</td><td>{@code Simple}</td><td>{@link java.lang.Float}, {@link
 *   java.lang.Double}</td></tr>
 * <tr><td>DECIMAL(p, s)</td><td>{@code Decimal}</td><td>{@link java.math.BigDecimal} of scale s
 *   exactly</td></tr>
 * <tr><td>CHAR, VARCHAR, STRING</td><td>{@code Text}</td><td>{@link java.lang.String} without
 *   unpaired surrogates</td></tr>
 * <tr><td>BINARY, VARBINARY, BYTES</td><td>{@code Binary}</td><td>{@code byte[]}</td></tr>
 * <tr><td>DATE</td><td>{@code Simple.DATE}</td><td>{@link java.time.LocalDate}</td></tr>
 * <tr><td>TIME(p)</td><td>{@code Time}</td><td>{@link java.time.LocalTime}</td></tr>
 * <tr><td>TIMESTAMP(p)</td><td>{@code Timestamp}</td><td>{@link java.time.LocalDateTime}</td></tr>
 * <tr><td>TIMESTAMP_LTZ(p)</td><td>{@code TimestampLtz}</td><td>{@link java.time.Instant}</td></tr>
 * <tr><td>INTERVAL YEAR TO MONTH</td><td>{@code Simple.INTERVAL_YEAR_MONTH}</td><td>{@link
 *   java.time.Period}, normalized</td></tr>
 * <tr><td>INTERVAL DAY TO SECOND</td><td>{@code Simple.INTERVAL_DAY_TIME}</td><td>{@link
 *   java.time.Duration} in whole milliseconds</td></tr>
 * <tr><td>ARRAY&lt;t&gt;</td><td>{@code Array}</td><td>{@link java.util.List}</td></tr>
 * <tr><td>MULTISET&lt;t&gt;</td><td>{@code Multiset}</td><td>{@link java.util.Map} of value to
 *   {@link java.lang.Integer}</td></tr>
 * <tr><td>MAP&lt;k, v&gt;</td><td>{@code MapOf}</td><td>{@link java.util.Map}</td></tr>
 * <tr><td>ROW&lt;…&gt;</td><td>{@code RowOf}</td><td>{@link io.dimstore.spi.Row}</td></tr>
 * </table>
 */
@NullMarked
package io.dimstore.spi;

import org.jspecify.annotations.NullMarked;
