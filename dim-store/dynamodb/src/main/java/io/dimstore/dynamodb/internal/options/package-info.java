/**
 * The options of the store, each declared once. This package uses no other package of the store.
 */
@NullMarked
package io.dimstore.dynamodb.internal.options;

import org.jspecify.annotations.NullMarked;
