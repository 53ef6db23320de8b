/**
 * The commands {@code events generate} and {@code events replay}: events and dimension changes,
 * from a seeded generator or from a real file, to Kafka or to files.
 *
 * <p>An {@link io.dimstore.events.input.EventInput} is the generator or a file. An {@link
 * io.dimstore.events.input.EventReader} reads it once; order and contents depend on the options or
 * the file alone. A {@link io.dimstore.events.transfer.Transfer} copies it to a {@link
 * io.dimstore.events.output.RecordSink} at a {@link io.dimstore.events.transfer.TransferPace}. A
 * sink is Kafka ({@link io.dimstore.events.output.TopicWriter}) or a directory ({@link
 * io.dimstore.events.output.DirectoryWriter}).
 *
 * <p>The packages are layers. Each may use the ones after it:
 *
 * <ol>
 *   <li>this package: the commands; {@code topic}: the command {@code topic}, which shares nothing
 *       with the others
 *   <li>{@code transfer}: copying at a pace
 *   <li>{@code generate}, {@code replay}, {@code output}: the generator, the formats of real files,
 *       and the sinks; none of these uses another
 *   <li>{@code input}: what the generator and files have in common
 *   <li>{@code record}: events, dimension changes and their JSON
 * </ol>
 */
@NullMarked
package io.dimstore.events;

import org.jspecify.annotations.NullMarked;
