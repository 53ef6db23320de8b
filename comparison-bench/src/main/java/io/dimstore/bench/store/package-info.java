/**
 * Measures a store against the plain clients on the same servers, as ratios in one run: blocks of
 * both sides in turn and in random order, the median of the ratios of neighbours with an interval,
 * and the baseline against itself as the noise floor.
 */
@NullMarked
package io.dimstore.bench.store;

import org.jspecify.annotations.NullMarked;
