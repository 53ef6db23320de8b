/**
 * The unparsed records of topics, the parser of changes in JSON, and the dead letters of refused
 * records.
 *
 * <p>May depend on Flink, on Jackson's streaming parser and on the connector's row of a dead
 * letter.
 */
@NullMarked
package io.dimstore.jobs.records;

import org.jspecify.annotations.NullMarked;
