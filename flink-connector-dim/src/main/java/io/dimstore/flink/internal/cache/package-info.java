/**
 * The cache of a table's rows that all lookups of a process share, and the follower that keeps it
 * up to date from the table's change feed. This package may use {@code metrics}.
 */
@NullMarked
package io.dimstore.flink.internal.cache;

import org.jspecify.annotations.NullMarked;
