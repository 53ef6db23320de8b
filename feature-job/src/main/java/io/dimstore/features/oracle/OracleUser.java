// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.oracle;

import org.jspecify.annotations.Nullable;

/**
 * A row of dim_user without its key. The oracle must not read the SQL that it checks, so it states
 * the columns again.
 */
public record OracleUser(@Nullable String country, @Nullable Integer level) {}
