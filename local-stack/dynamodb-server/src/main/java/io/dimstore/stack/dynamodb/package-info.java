/**
 * The local DynamoDB: the server dynoxide, brought by npm at first need, and before it {@link
 * io.dimstore.stack.dynamodb.model.ServiceModel}, which does what the service does and dynoxide
 * does not.
 *
 * <p>The packages are layers, from top to bottom; a package uses only layers below its own:
 *
 * <ol>
 *   <li>this package: the main class, and the addresses of servers
 *   <li>{@code model}: what the service does and the server does not; {@code program}: the native
 *       servers
 *   <li>{@code http}: requests and answers
 * </ol>
 */
@NullMarked
package io.dimstore.stack.dynamodb;

import org.jspecify.annotations.NullMarked;
