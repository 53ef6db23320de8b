/**
 * Lookups, the cache of rows and scans. This package may use {@code table}, {@code client}, {@code
 * capacity}, {@code encoding} and {@code options}.
 */
@NullMarked
package io.dimstore.dynamodb.internal.read;

import org.jspecify.annotations.NullMarked;
