/**
 * Dimension tables in DynamoDB: a table each, attributes of native types that other tools read and
 * write too, and four attributes of its own ({@link io.dimstore.dynamodb.SystemAttributes}) that
 * carry version, expiry and tombstone. Only the factory is public.
 */
@NullMarked
package io.dimstore.dynamodb;

import org.jspecify.annotations.NullMarked;
