/**
 * The counters of a process and of a subtask. {@code DimMetrics} is public API. This package uses
 * no other package of the connector.
 */
@NullMarked
package io.dimstore.flink.metrics;

import org.jspecify.annotations.NullMarked;
