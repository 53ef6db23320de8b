/**
 * Creation and validation of tables and of their streams. This package may use {@code client},
 * {@code capacity}, {@code encoding} and {@code options}.
 */
@NullMarked
package io.dimstore.dynamodb.internal.table;

import org.jspecify.annotations.NullMarked;
