// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.store;

import io.dimstore.bench.fixture.BenchSubject;
import io.dimstore.stack.StackOptions;
import java.time.Duration;
import java.util.Set;

/**
 * The settings of one measurement.
 *
 * @param subject what is measured
 * @param servers the servers of the subject
 * @param operations the operations of the subject to measure
 * @param rows number of rows in the table that the read operations use
 * @param warmUp minimum duration of the warm-up of each operation
 * @param blocks pairs of blocks to measure per operation
 * @param seed of the generated rows, the order of blocks and the confidence intervals
 */
record BenchSettings(
    BenchSubject subject,
    StackOptions servers,
    Set<String> operations,
    int rows,
    Duration warmUp,
    int blocks,
    long seed) {}
