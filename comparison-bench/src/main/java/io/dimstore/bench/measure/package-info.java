/**
 * Measures subjects: elapsed time and CPU time over a section of a run, in interleaved blocks with
 * a warm-up and a noise floor; latencies from their scheduled start; and counts of the requests
 * that a store reports.
 */
@NullMarked
package io.dimstore.bench.measure;

import org.jspecify.annotations.NullMarked;
