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
 * The conformance kit has tests for each of these, under the same numbers.
 *
 * <ul>
 *   <li><b>R1</b> {@code get} answers in the order asked, whatever the size of the batch: the store
 *       splits and merges. A key asked twice is read once.
 *   <li><b>R2</b> Absent is never confused with unknown: what the server left unprocessed is
 *       retried within the deadline; after that the call fails.
 *   <li><b>R3</b> A write applies if and only if its version is at least the stored one; an older
 *       one is superseded, which is success without effect. Writes of equal version follow arrival
 *       only if each begins after the one before it succeeded; otherwise either may stand, alike in
 *       every copy. Cache fills and repairs apply only if strictly newer. Versions are 0 to {@link
 *       io.dimstore.spi.Versions#MAX}; others fail INVALID.
 *   <li><b>R4</b> Deletes are versioned and leave a tombstone for {@code tombstone-retention} of
 *       wall-clock time from the moment they were applied, however old their version: no late older
 *       put brings the row back. The end of the tombstone makes nothing visible.
 *   <li><b>R5</b> Of many changes to one key in one batch the newest version stands; of equal
 *       versions the last in the list.
 *   <li><b>R6</b> A put replaces the whole row: a null hides an older value.
 *   <li><b>R7</b> A failed {@code write} may have applied any part of the batch. Sending all of it
 *       again is safe.
 *   <li><b>R8</b> By the store's clock a row is absent from the millisecond of its expiry on, also
 *       where the server deletes late or the put arrives expired. Until its expiry plus the
 *       tombstone retention it counts as a tombstone.
 *   <li><b>R9</b> The splits of a scan are disjoint and jointly complete. A scan resumed from a
 *       returned split neither loses nor repeats a row that did not change. A page may be empty
 *       before the end. A row that cannot be decoded is reported in its page and ends no scan.
 *   <li><b>R10</b> Every value of every type comes back equal, null, empty text and bytes, and the
 *       text of a store's null literal included. A key that a store cannot hold: {@code write}
 *       fails INVALID, {@code get} answers absent.
 *   <li><b>R11</b> All failures are a {@link io.dimstore.spi.StoreException} whose kind says
 *       whether to retry. INVALID and CORRUPT name the keys, so that a caller can ask for the
 *       others again.
 *   <li><b>R12</b> After {@code close()} pending and later calls fail CLOSED. Open-close cycles
 *       leave no threads or connections behind.
 *   <li><b>R13</b> A {@code get} that begins after a successful {@code write} sees that write or a
 *       newer one, with strong reads and all servers up.
 *   <li><b>R14</b> Calls beyond {@code max-pending} keys fail THROTTLED at once. The deadline of a
 *       call starts when it is admitted.
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
