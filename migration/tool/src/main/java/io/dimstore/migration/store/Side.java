// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.store;

import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.TableSpec;

/**
 * One of the two tables of a migration.
 *
 * @param name for people and ledgers: the store's id and the table, such as {@code
 *     hbase-redis:dim_user}
 * @param spec the table
 * @param table the open table
 */
public record Side(String name, TableSpec spec, DimensionTable table) {}
