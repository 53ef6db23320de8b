/**
 * Measures lookup joins: one Flink job for each arm, all on one cluster, looks up the same keys in
 * the same table on the same servers. Blocks of events go to one arm after the other, in random
 * order, and every joined row is checked.
 */
@NullMarked
package io.dimstore.bench.lookup;

import org.jspecify.annotations.NullMarked;
