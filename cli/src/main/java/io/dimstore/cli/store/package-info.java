/** The options that name a store, and how a failure of a store is reported. Needs the SPI. */
@NullMarked
package io.dimstore.cli.store;

import org.jspecify.annotations.NullMarked;
