/**
 * Starts, watches and stops the real servers that tests, demonstrations and comparisons run on:
 * HBase, Kafka, DynamoDB Local and Redis, each in a process of its own, all on loopback.
 */
@NullMarked
package io.dimstore.stack;

import org.jspecify.annotations.NullMarked;
