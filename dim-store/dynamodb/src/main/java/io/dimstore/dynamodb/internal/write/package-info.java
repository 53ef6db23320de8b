/**
 * Strategies to write items: batched statements and puts with conditions, or batches without
 * conditions. This package may use {@code table}, {@code client}, {@code capacity}, {@code
 * encoding} and {@code options}.
 */
@NullMarked
package io.dimstore.dynamodb.internal.write;

import org.jspecify.annotations.NullMarked;
