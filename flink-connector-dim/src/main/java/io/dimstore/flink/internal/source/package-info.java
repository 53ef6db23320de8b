/**
 * The bounded scan. {@code KeyFilter} derives from the conditions of a query which keys are read: a
 * split is a part of the store's table, or some of these keys. This package may use {@code store},
 * {@code row} and {@code metrics}.
 */
@NullMarked
package io.dimstore.flink.internal.source;

import org.jspecify.annotations.NullMarked;
