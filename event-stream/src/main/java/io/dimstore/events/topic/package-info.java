/**
 * The {@code topic} command: shows the topics of Kafka and the values of their records as they are.
 */
@NullMarked
package io.dimstore.events.topic;

import org.jspecify.annotations.NullMarked;
