/**
 * The arms of the benchmark of lookup joins: tables of dimstore's connector, tables of Flink's own
 * HBase connector, and functions that call the vendors' clients, as teams write them.
 */
@NullMarked
package io.dimstore.bench.lookup.arm;

import org.jspecify.annotations.NullMarked;
