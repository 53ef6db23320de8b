/**
 * The local DynamoDB: the server dynoxide, brought by npm at first need, and before it {@link
 * io.dimstore.stack.dynamodb.ServiceModel}, which does what the service does and dynoxide does not.
 */
@NullMarked
package io.dimstore.stack.dynamodb;

import org.jspecify.annotations.NullMarked;
