// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup;

import io.dimstore.stack.StackOptions;
import java.util.function.UnaryOperator;

/**
 * The settings of one measurement of a cache.
 *
 * @param store the store, which has a change feed
 * @param dynamoDb chooses the DynamoDB server
 * @param rows rows of the table
 * @param changes how many rows are changed, one after the other
 * @param seed of everything that is drawn at random
 */
record CacheBenchSettings(
    String store, UnaryOperator<StackOptions> dynamoDb, int rows, int changes, long seed) {}
