/**
 * A TCP relay that stands between clients and a server and plays the faults of a network. It knows
 * no protocol, so that it serves HBase, Redis, DynamoDB and Kafka alike.
 */
@NullMarked
package io.dimstore.stack.relay;

import org.jspecify.annotations.NullMarked;
