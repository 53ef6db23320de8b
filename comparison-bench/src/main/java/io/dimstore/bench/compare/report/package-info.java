/** The results as {@code results.json}, page and table. May use {@code settings}. */
@NullMarked
package io.dimstore.bench.compare.report;

import org.jspecify.annotations.NullMarked;
