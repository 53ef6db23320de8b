/**
 * The seeded generator. The same options give the same records, byte by byte. This package may use
 * {@code input} and {@code record}.
 */
@NullMarked
package io.dimstore.events.generate;

import org.jspecify.annotations.NullMarked;
