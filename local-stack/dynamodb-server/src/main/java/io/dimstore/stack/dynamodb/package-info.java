/** DynamoDB Local as one child process of the local stack. */
@NullMarked
package io.dimstore.stack.dynamodb;

import org.jspecify.annotations.NullMarked;
