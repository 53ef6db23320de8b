/** The contract. */
@NullMarked
package io.dimstore.spi;

import org.jspecify.annotations.NullMarked;
