// SPDX-License-Identifier: Apache-2.0
/**
 * An example of a third store: each dimension table is a table of an H2 database. {@link
 * io.dimstore.h2.H2StoreFactory} opens it; all other classes are internal.
 */
@NullMarked
package io.dimstore.h2;

import org.jspecify.annotations.NullMarked;
