/** The sizes of a comparison and what its user requested. May use {@code arm}. */
@NullMarked
package io.dimstore.bench.compare.settings;

import org.jspecify.annotations.NullMarked;
