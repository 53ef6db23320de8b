/**
 * The values that {@link io.dimstore.flink.DimMetrics} shows, by name. This package uses no other
 * package of the connector.
 */
@NullMarked
package io.dimstore.flink.internal.registry;

import org.jspecify.annotations.NullMarked;
