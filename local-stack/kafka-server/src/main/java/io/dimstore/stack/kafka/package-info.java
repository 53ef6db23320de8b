/** A Kafka broker and controller as one child process of the local stack. */
@NullMarked
package io.dimstore.stack.kafka;

import org.jspecify.annotations.NullMarked;
