/**
 * The native servers dynoxide and ExtendDB: fetched from npm at first need, verified and started.
 * May use {@code http}.
 */
@NullMarked
package io.dimstore.stack.dynamodb.program;

import org.jspecify.annotations.NullMarked;
