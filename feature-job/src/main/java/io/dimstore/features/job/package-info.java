/**
 * The feature job: its options, its SQL and the operators around it. This package may use {@code
 * lookback}, {@code rules} and {@code input}.
 */
@NullMarked
package io.dimstore.features.job;

import org.jspecify.annotations.NullMarked;
