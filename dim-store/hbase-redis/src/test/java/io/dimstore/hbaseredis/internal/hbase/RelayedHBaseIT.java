// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.spi.Put;
import io.dimstore.stack.relay.Direction;
import io.dimstore.stack.relay.Hold;
import io.dimstore.stack.relay.RelayGate;
import io.dimstore.stack.relay.RelayedHBase;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** All requests of clients to a region server pass through the relay. */
class RelayedHBaseIT {

  @Test
  void aWriteIsHeldBeforeHBaseAndDeliveredAfterItsClientWasCut() throws Exception {
    try (RelayedHBase hbase = RelayedHBase.start()) {
      HBaseRedisHarness servers =
          new HBaseRedisHarness(
              hbase.endpoint(), Map.of("redis.host", "localhost", "redis.port", "1"));
      try (Users patient = Users.open(servers, Map.of()).created();
          Users brief = Users.open(servers, Map.of("deadline", "2 s"), patient.spec());
          RelayGate gate = RelayGate.holding("LATE")) {
        Put before = Users.user("other", "NL", 1, 1);
        brief.write(before);
        assertThat(patient.get("other")).isEqualTo(before);
        // The write intent is sent first and contains only the key; the text is only in the row's
        // own request.
        hbase.relay().hold(Direction.REQUESTS, gate);
        CompletableFuture<Void> late =
            brief.table().write(List.of(Users.user("row", "LATE", 2, 2))).toCompletableFuture();
        gate.awaitHeld();
        // The gate holds further attempts too, which may come through new connections.
        HBaseShell.await("the writer gives up", late::isDone);
        hbase.relay().hold(Direction.REQUESTS, Hold.NONE);
        assertThat(late).isCompletedExceptionally();
        hbase.relay().cutClients();
        assertThat(patient.get("row")).isNull();
        gate.open();
        HBaseShell.await("the late write in HBase", () -> patient.get("row") != null);
      }
    }
  }
}
