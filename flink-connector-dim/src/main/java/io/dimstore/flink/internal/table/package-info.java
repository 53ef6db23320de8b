/**
 * The planner's interface: a table's checked declaration, its source and its sink. This package may
 * use all other internal packages of the connector.
 */
@NullMarked
package io.dimstore.flink.internal.table;

import org.jspecify.annotations.NullMarked;
