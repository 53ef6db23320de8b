/**
 * The store and its tables, assembled from the other packages. This package may use all of them
 * except the factory's.
 */
@NullMarked
package io.dimstore.dynamodb.internal;

import org.jspecify.annotations.NullMarked;
