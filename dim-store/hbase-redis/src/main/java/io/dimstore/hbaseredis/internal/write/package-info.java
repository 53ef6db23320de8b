/**
 * Writes to HBase and Redis, and purges of old tombstones. This package may use {@code entry},
 * {@code hbase}, {@code redis} and all packages below those.
 */
@NullMarked
package io.dimstore.hbaseredis.internal.write;

import org.jspecify.annotations.NullMarked;
