/** What a dimension table would take and cost as a DynamoDB table. */
@NullMarked
package io.dimstore.bench.forecast;

import org.jspecify.annotations.NullMarked;
