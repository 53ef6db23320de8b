/**
 * Lookups: Redis first, then HBase, then the fill of Redis. This package may use {@code entry},
 * {@code hbase}, {@code redis} and all packages below those.
 */
@NullMarked
package io.dimstore.hbaseredis.internal.read;

import org.jspecify.annotations.NullMarked;
