/**
 * Limits of capacity units per second and of concurrent requests, and reports of hot keys. This
 * package may use {@code encoding} and {@code options}.
 */
@NullMarked
package io.dimstore.dynamodb.internal.capacity;

import org.jspecify.annotations.NullMarked;
