/**
 * A TCP relay between clients and a server that simulates network faults. It knows no protocol and
 * therefore works for HBase, Redis, DynamoDB and Kafka alike.
 */
@NullMarked
package io.dimstore.stack.relay;

import org.jspecify.annotations.NullMarked;
