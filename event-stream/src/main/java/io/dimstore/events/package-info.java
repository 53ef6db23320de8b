/**
 * The input of the whole way: events and dimension changes from a seeded generator or from real
 * files, and their way into Kafka.
 *
 * <p>{@link io.dimstore.events.EventInput} is a source; {@link io.dimstore.events.EventReader} runs
 * through it once, in an order and with contents that depend on the options or the file alone.
 * {@link io.dimstore.events.Transfer} moves it into a {@link io.dimstore.events.RecordSink}, which
 * is Kafka ({@link io.dimstore.events.TopicWriter}) or a directory ({@link
 * io.dimstore.events.DirectoryWriter}), at a {@link io.dimstore.events.Pace}.
 */
@NullMarked
package io.dimstore.events;

import org.jspecify.annotations.NullMarked;
