/**
 * The store {@code hbase-redis} in the SQL jar. The clients of HBase and Hadoop cannot be renamed,
 * because class names are part of HBase's protocol. So the store and its libraries are in a folder
 * of the jar that only a class loader of their own sees.
 */
@NullMarked
package io.dimstore.flink.sql;

import org.jspecify.annotations.NullMarked;
