/**
 * Measures a store against the plain clients on the same servers. The result is a ratio per
 * operation, measured within one run. Blocks of both sides alternate in random order. The ratio is
 * the median over pairs of neighbouring blocks, with a confidence interval. Pairs of the baseline
 * with itself give the noise floor.
 */
@NullMarked
package io.dimstore.bench.store;

import org.jspecify.annotations.NullMarked;
