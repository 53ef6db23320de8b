package io.dimstore.bench.store;

/**
 * What to measure, and how much.
 *
 * @param store the store
 * @param rows rows in the table that is read
 * @param blocks pairs of blocks per operation that are measured
 * @param seed of rows, order and intervals
 */
record BenchSettings(Rig.Kind store, int rows, int blocks, long seed) {}
