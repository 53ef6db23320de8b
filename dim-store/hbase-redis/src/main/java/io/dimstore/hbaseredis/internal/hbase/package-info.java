/**
 * HBase: the connection, rows and scans, write intents, the lease of the reconciler. This package
 * may use {@code encoding}, {@code common} and {@code options}.
 */
@NullMarked
package io.dimstore.hbaseredis.internal.hbase;

import org.jspecify.annotations.NullMarked;
