/**
 * The tests of the rules R1 to R14 about reads, writes, scans and the store's life; a class for
 * each group. May use {@code fixture} and {@code harness}.
 */
@NullMarked
package io.dimstore.tck.internal.table;

import org.jspecify.annotations.NullMarked;
