/**
 * The change feed, read from DynamoDB Streams: shards, records and positions. This package may use
 * {@code table}, {@code client}, {@code capacity}, {@code encoding} and {@code options}.
 */
@NullMarked
package io.dimstore.dynamodb.internal.stream;

import org.jspecify.annotations.NullMarked;
