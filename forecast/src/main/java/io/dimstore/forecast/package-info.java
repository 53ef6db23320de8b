/** Forecasts the capacity and cost of a dimension table in DynamoDB. */
@NullMarked
package io.dimstore.forecast;

import org.jspecify.annotations.NullMarked;
