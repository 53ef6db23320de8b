package io.dimstore.bench.store;

import java.util.function.IntSupplier;

/**
 * What is measured: rows through the store and through the plain client.
 *
 * @param name its name in the results
 * @param target the least ratio of the store's speed to the plain client's that is aimed at
 * @param rows rows in a block of either side
 * @param ready brings the servers into the state that the operation starts from
 * @param same fails where both sides do not give equal rows; says how many were compared
 */
record Operation(
    String name,
    double target,
    int rows,
    Runnable ready,
    IntSupplier same,
    Side store,
    Side baseline) {}
