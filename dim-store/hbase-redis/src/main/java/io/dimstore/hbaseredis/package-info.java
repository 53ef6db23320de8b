/**
 * Dimension tables in HBase, with a cache of their rows in Redis. HBase is the system of record.
 * Version checks inside Redis and leases keep the cache consistent with it. Only the factory is
 * public to users; SQL and programs find it by the store's name. {@code docs/storage-format.md}
 * describes every byte that is written.
 *
 * <p>The packages under {@code internal} are layers. Each may use the layers after it:
 *
 * <ol>
 *   <li>{@code internal}: the store and its tables, assembled from the packages below
 *   <li>{@code read}, {@code write}, {@code repair}: lookups through the cache, dual writes and
 *       purges, reconciliation and comparison; none of the three uses another
 *   <li>{@code table}, {@code entry}: creation and validation of HBase tables; entries in Redis
 *   <li>{@code hbase}, {@code redis}: rows and write intents in HBase; connections to Redis
 *   <li>{@code breaker}: circuit breakers, which decide whether a request is sent to Redis
 *   <li>{@code script}: the scripts that run inside Redis
 *   <li>{@code encoding}, {@code common}: keys, columns and entries as bytes; metrics and failures
 *   <li>{@code options}: the options of the store and of its tables
 * </ol>
 */
@NullMarked
package io.dimstore.hbaseredis;

import org.jspecify.annotations.NullMarked;
