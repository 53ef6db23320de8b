/** The sinks: topics of Kafka, and files in a directory. This package may use {@code record}. */
@NullMarked
package io.dimstore.events.output;

import org.jspecify.annotations.NullMarked;
