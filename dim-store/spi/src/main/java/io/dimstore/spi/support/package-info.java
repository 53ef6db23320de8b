/**
 * Classes for implementing a store: admission and deadlines, retries, validation of changes, common
 * options, a follower of change feeds. This package may use {@link io.dimstore.spi}, which does not
 * use this package. Callers of stores do not need this package.
 */
@NullMarked
package io.dimstore.spi.support;

import org.jspecify.annotations.NullMarked;
