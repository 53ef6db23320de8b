// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.tck.architecture.UsedPackages;
import org.junit.jupiter.api.Test;

class EndpointArchitectureTest {

  /**
   * The endpoint decodes rows of HBase exactly as the store {@code hbase-redis} does, so it uses
   * that store's decoder; and it reads the lag of replication over the same connection as the
   * store. These classes are not API: the store and the endpoint are released together. Any further
   * one needs an entry here.
   */
  @Test
  void ofTheStoreOnlyItsDecoderAndItsConnectionAreUsed() {
    UsedPackages.check(
        "io.dimstore.migration.hbase",
        "io.dimstore.mirror.control",
        "io.dimstore.spi..",
        "io.dimstore.hbaseredis.internal.common.Failures",
        "io.dimstore.hbaseredis.internal.common.Meter",
        "io.dimstore.hbaseredis.internal.encoding.ColumnMapping",
        "io.dimstore.hbaseredis.internal.encoding.Layout",
        "io.dimstore.hbaseredis.internal.encoding.RowKeys",
        "io.dimstore.hbaseredis.internal.encoding.RowState",
        "io.dimstore.hbaseredis.internal.encoding.StateCell",
        "io.dimstore.hbaseredis.internal.hbase.HBaseClient",
        "io.dimstore.hbaseredis.internal.hbase.HBaseRows",
        "io.dimstore.hbaseredis.internal.hbase.ReplicationOrigin",
        "io.dimstore.hbaseredis.internal.options.HBaseRedisOptions");
  }
}
