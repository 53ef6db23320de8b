/**
 * Provides the input of the pipeline: events and dimension changes, from a seeded generator or from
 * real files, and writes them to Kafka.
 *
 * <p>{@link io.dimstore.events.EventInput} is a source. {@link io.dimstore.events.EventReader}
 * reads it once; order and contents depend on the options or the file alone. {@link
 * io.dimstore.events.Transfer} copies it to a {@link io.dimstore.events.RecordSink} at a {@link
 * io.dimstore.events.Pace}. A sink is Kafka ({@link io.dimstore.events.TopicWriter}) or a directory
 * ({@link io.dimstore.events.DirectoryWriter}).
 */
@NullMarked
package io.dimstore.events;

import org.jspecify.annotations.NullMarked;
