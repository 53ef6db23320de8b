/**
 * Copies a table from one store to another, split by split, beside live writes. {@link
 * io.dimstore.migration.backfill.Backfill} is the entry point; the ledger in the target store makes
 * it restartable and lets several processes share the work. Free of Flink and of the command line.
 */
@NullMarked
package io.dimstore.migration.backfill;

import org.jspecify.annotations.NullMarked;
