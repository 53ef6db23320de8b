/**
 * What all jobs of the benchmark of lookup joins share: the source that sends a block of events,
 * the sink that checks every joined row, and the rows and keys of the table. The jobs run in this
 * process, so that the benchmark hands a block to a job without a broker in between.
 */
@NullMarked
package io.dimstore.bench.lookup.job;

import org.jspecify.annotations.NullMarked;
