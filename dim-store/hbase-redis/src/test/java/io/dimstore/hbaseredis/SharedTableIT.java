// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two dimension tables over one HBase table, each with families of its own. */
class SharedTableIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  @Test
  void aDeleteInOneOfThemIsNoDeleteInTheOther() throws Exception {
    HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    String name = "shared_" + Users.unique();
    try (HBaseShell shell = new HBaseShell(stack.hbase());
        Users one = Users.open(servers, Map.of(), spec(name, "a", "sa"));
        Users other = Users.open(servers, Map.of(), spec(name, "b", "sb"))) {
      shell.create(name, "a", "sa", "b", "sb");
      one.created(); // the missing table is now that of the write intents
      one.write(Users.user("k", "AT", 1, 5));
      other.write(Users.user("k", "BE", 2, 6));

      one.write(new Delete(Key.of("k"), 9));
      one.warm("k");

      assertThat(one.get("k")).isNull();
      assertThat(other.get("k")).isEqualTo(Users.user("k", "BE", 2, 6));
      other.warm("k");
      assertThat(one.get("k")).isNull();
      assertThat(other.get("k")).isEqualTo(Users.user("k", "BE", 2, 6));
    }
  }

  private static TableSpec spec(String name, String family, String stateFamily) {
    return new TableSpec(
        name,
        List.of(
            new Column("id", DataType.STRING),
            new Column("country", DataType.STRING),
            new Column("level", DataType.Simple.INT)),
        List.of("id"),
        Map.of("family", family, "state-family", stateFamily));
  }
}
