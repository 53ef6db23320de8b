/**
 * The bounded scan, one split per part of the store's table. This package may use {@code store},
 * {@code row} and {@code metrics}.
 */
@NullMarked
package io.dimstore.flink.internal.source;

import org.jspecify.annotations.NullMarked;
