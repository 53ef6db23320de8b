package io.dimstore.features.oracle;

import org.jspecify.annotations.Nullable;

/** A row of dim_user without its key. */
public record OracleUser(@Nullable String country, @Nullable Integer level) {}
