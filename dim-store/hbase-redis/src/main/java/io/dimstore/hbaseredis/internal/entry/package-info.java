/**
 * The entries of a table in Redis: reads, leases, fills and removals. This package may use {@code
 * redis}, {@code script} and all packages below those.
 */
@NullMarked
package io.dimstore.hbaseredis.internal.entry;

import org.jspecify.annotations.NullMarked;
