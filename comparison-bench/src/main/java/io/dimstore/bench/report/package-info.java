/** Writes results as JSON. */
@NullMarked
package io.dimstore.bench.report;

import org.jspecify.annotations.NullMarked;
