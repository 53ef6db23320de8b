package io.dimstore.bench.store;

import java.util.Set;

/**
 * What to measure, and how much.
 *
 * @param store the store
 * @param operations those of its operations that are to be measured
 * @param rows rows in the table that is read
 * @param warmUpSeconds how long each operation is run at least before it is measured
 * @param blocks pairs of blocks per operation that are measured
 * @param seed of rows, order and intervals
 */
record BenchSettings(
    Rig.Kind store, Set<String> operations, int rows, int warmUpSeconds, int blocks, long seed) {}
