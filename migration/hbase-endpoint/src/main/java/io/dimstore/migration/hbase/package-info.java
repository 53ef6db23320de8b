/**
 * A replication endpoint of HBase. It runs inside the region servers and carries every change that
 * any HBase client makes to a table to another store of dimstore. {@code docs/hbase-endpoint.md}
 * describes how to install and configure it, and {@link
 * io.dimstore.migration.hbase.DimstoreReplicationEndpoint} what it guarantees.
 */
@NullMarked
package io.dimstore.migration.hbase;

import org.jspecify.annotations.NullMarked;
