// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.subject;

import java.util.function.IntSupplier;

/**
 * An operation to measure: a subject and its baseline process the same rows.
 *
 * @param name the operation's name in the results
 * @param target the lowest acceptable ratio of the subject's speed to the baseline's
 * @param rows number of rows in each block of either of them
 * @param prepare brings the servers into the state in which the operation starts
 * @param compareRows checks that both return equal rows, and returns the number of rows compared;
 *     fails if they differ
 */
public record Operation(
    String name,
    double target,
    int rows,
    Runnable prepare,
    IntSupplier compareRows,
    Subject subject,
    Subject baseline) {}
