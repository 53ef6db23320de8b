package io.dimstore.features.oracle;

import org.jspecify.annotations.Nullable;

/**
 * A row of dim_item without its key.
 *
 * @param listPrice minor units
 */
public record OracleItem(
    @Nullable String title, @Nullable String category, @Nullable Long listPrice) {}
