/**
 * The unparsed records of topics, and the dead letters of refused records.
 *
 * <p>May depend on Flink and on the connector's row of a dead letter.
 */
@NullMarked
package io.dimstore.jobs.records;

import org.jspecify.annotations.NullMarked;
