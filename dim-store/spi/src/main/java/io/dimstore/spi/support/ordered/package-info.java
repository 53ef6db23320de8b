/**
 * A complete store on a blocking client that reads entries in the order of their keys' bytes, such
 * as a SQL database or RocksDB: a store implements {@link
 * io.dimstore.spi.support.ordered.OrderedClient} and returns an {@link
 * io.dimstore.spi.support.ordered.OrderedStore}. May use {@code spi.support}, which does not use
 * this package.
 */
@NullMarked
package io.dimstore.spi.support.ordered;

import org.jspecify.annotations.NullMarked;
