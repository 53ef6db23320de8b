/**
 * HTTP requests and answers of the DynamoDB protocol, as bytes and as JSON. This package uses no
 * other package of this module.
 */
@NullMarked
package io.dimstore.stack.dynamodb.http;

import org.jspecify.annotations.NullMarked;
