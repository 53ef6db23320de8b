/** The options of the store and of its tables. This package uses no other package of the store. */
@NullMarked
package io.dimstore.hbaseredis.internal.options;

import org.jspecify.annotations.NullMarked;
