/** Metrics, failures and background work. This package uses no other package of the store. */
@NullMarked
package io.dimstore.hbaseredis.internal.common;

import org.jspecify.annotations.NullMarked;
