/**
 * Compares two tables in different stores while both are written. {@link
 * io.dimstore.migration.verify.Verify} is the entry point. Free of Flink and of the command line.
 */
@NullMarked
package io.dimstore.migration.verify;

import org.jspecify.annotations.NullMarked;
