/**
 * The model of the service before the server: a proxy with one {@link
 * io.dimstore.stack.dynamodb.model.Rule} for each difference, throttling by capacity, and faults
 * that tests ask for. May use {@code http}.
 */
@NullMarked
package io.dimstore.stack.dynamodb.model;

import org.jspecify.annotations.NullMarked;
