/** The command {@code migrate}: moves a dimension table from one store to another. */
@NullMarked
package io.dimstore.migration;

import org.jspecify.annotations.NullMarked;
