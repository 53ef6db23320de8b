/**
 * The canonical hash of a row. It depends on nothing but the SPI, and its format is documented in
 * docs/migration.md.
 */
@NullMarked
package io.dimstore.migration.hash;

import org.jspecify.annotations.NullMarked;
