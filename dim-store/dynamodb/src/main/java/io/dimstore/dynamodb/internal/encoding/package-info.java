/**
 * The layout of keys, rows and tombstones in items, and the size of items. This package may use
 * {@code options}.
 */
@NullMarked
package io.dimstore.dynamodb.internal.encoding;

import org.jspecify.annotations.NullMarked;
