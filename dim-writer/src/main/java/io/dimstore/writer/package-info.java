/**
 * The dimension writer: a Flink job that brings the changes of dimension rows from Kafka topics
 * into the tables of any store, and the command that brings a store's copies in step.
 */
@NullMarked
package io.dimstore.writer;

import org.jspecify.annotations.NullMarked;
