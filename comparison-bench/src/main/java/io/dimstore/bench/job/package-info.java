/**
 * Measures the feature job on several arms in one process run: blocks of the same events are sent
 * to each arm in turn, and the CPU time of an arm's process during its block is compared with that
 * of the arm without Flink. The processes, the SQL and the oracle are those of the comparison.
 */
@NullMarked
package io.dimstore.bench.job;

import org.jspecify.annotations.NullMarked;
