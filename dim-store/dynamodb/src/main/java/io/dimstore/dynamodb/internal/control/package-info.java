/**
 * The shared records, in a table of their own. This package may use {@code table}, {@code client},
 * {@code capacity}, {@code encoding} and {@code options}.
 */
@NullMarked
package io.dimstore.dynamodb.internal.control;

import org.jspecify.annotations.NullMarked;
