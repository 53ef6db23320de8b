// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.oracle;

import org.jspecify.annotations.Nullable;

/**
 * A row of dim_item without its key. The oracle must not read the SQL that it checks, so it states
 * the columns again.
 *
 * @param listPrice minor units
 */
public record OracleItem(
    @Nullable String title, @Nullable String category, @Nullable Long listPrice) {}
