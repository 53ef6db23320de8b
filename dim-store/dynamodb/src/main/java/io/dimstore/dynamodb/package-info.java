/**
 * Stores dimension tables in DynamoDB, each in a DynamoDB table of its own. Columns are attributes
 * of native types, which other tools can read and write too. Version, expiry and tombstone are in
 * attributes of their own ({@code SystemAttributes}). Only the factory is public to users; SQL and
 * programs find it by the store's name.
 *
 * <p>The packages under {@code internal} are layers. Each may use only those below it in this list:
 *
 * <ol>
 *   <li>{@code internal}: the store and its tables, assembled from the packages below
 *   <li>{@code read}, {@code write}, {@code stream}, {@code control}: lookups and scans, writes,
 *       the change feed, shared records; none of them uses another
 *   <li>{@code table}: creation and validation of tables
 *   <li>{@code client}: connections, requests, failures and retries
 *   <li>{@code capacity}: limits of capacity units and of concurrent requests
 *   <li>{@code encoding}: items, keys and values
 *   <li>{@code options}: the options of the store
 * </ol>
 */
@NullMarked
package io.dimstore.dynamodb;

import org.jspecify.annotations.NullMarked;
