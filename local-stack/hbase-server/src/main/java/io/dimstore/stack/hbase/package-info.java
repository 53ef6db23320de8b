/** HBase with its ZooKeeper as one child process of the local stack. */
@NullMarked
package io.dimstore.stack.hbase;

import org.jspecify.annotations.NullMarked;
