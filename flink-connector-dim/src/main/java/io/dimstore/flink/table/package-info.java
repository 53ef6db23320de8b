/**
 * The planner's interface: the factory, a table's checked declaration, its source and its sink.
 * This package may use all other packages of the connector.
 */
@NullMarked
package io.dimstore.flink.table;

import org.jspecify.annotations.NullMarked;
