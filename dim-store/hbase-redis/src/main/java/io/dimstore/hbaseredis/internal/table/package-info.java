/**
 * Creation and validation of HBase tables. This package may use {@code hbase} and all packages
 * below it.
 */
@NullMarked
package io.dimstore.hbaseredis.internal.table;

import org.jspecify.annotations.NullMarked;
