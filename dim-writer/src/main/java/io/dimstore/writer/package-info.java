/**
 * The dimension writer: a Flink job that writes the changes of dimension rows from Kafka topics to
 * the tables of any store, and commands that repair and check a store's cache.
 */
@NullMarked
package io.dimstore.writer;

import org.jspecify.annotations.NullMarked;
