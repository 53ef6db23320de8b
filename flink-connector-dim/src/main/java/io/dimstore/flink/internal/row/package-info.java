/**
 * Columns, and the conversion between Flink's internal rows and the values of stores. This package
 * uses no other internal package of the connector.
 */
@NullMarked
package io.dimstore.flink.internal.row;

import org.jspecify.annotations.NullMarked;
