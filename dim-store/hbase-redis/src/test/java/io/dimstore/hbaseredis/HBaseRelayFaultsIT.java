package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.RelayedHBase;
import io.dimstore.stack.Server;
import io.dimstore.stack.relay.RelayFault;
import io.dimstore.tck.SteadyLoad;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each operation while the region server is not reached as it should be, idle and under load. */
class HBaseRelayFaultsIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with(Server.REDIS);

  private static RelayedHBase hbase;
  private static HBaseRedisHarness servers;

  @BeforeAll
  static void start() {
    hbase = RelayedHBase.start();
    servers = new HBaseRedisHarness(hbase.endpoint(), stack.redis());
  }

  @AfterAll
  static void stop() {
    hbase.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"SLOW", "FROZEN", "ONE_WAY", "LATE", "CUT"})
  void eachOperationEndsInTimeAndGoesOnWhenTheFaultIsOver(RelayFault fault) {
    Map<String, String> options =
        Map.of(
            "deadline", fault == RelayFault.SLOW ? "30 s" : "2 s",
            "redis.timeout", "20 s",
            "repair-interval", "1 h");
    try (Users patient = Users.open(servers, Map.of("redis.timeout", "20 s")).created();
        Users users = Users.open(servers, options, patient.spec())) {
      patient.write(Users.user("row", "NL", 1, FaultOperation.nextVersion()));
      ScanSplit split =
          Users.await(patient.table().splits(1, ScanOptions.rows(patient.spec().all()))).get(0);
      for (FaultOperation operation : FaultOperation.values()) {
        HBaseShell.await(
            operation + " once",
            () -> FaultOperation.failureOf(operation.begin(users, split)) == null);
      }
      SteadyLoad load;
      fault.begin(hbase.relay());
      try {
        assertEnds(fault, users, split);
        load =
            SteadyLoad.start(
                users.table(),
                users.spec(),
                2,
                (thread, version) -> Users.user("load-" + thread, "NL", 1, version));
        assertEnds(fault, users, split);
      } finally {
        fault.end(hbase.relay());
      }
      for (FaultOperation operation : FaultOperation.values()) {
        HBaseShell.await(
            operation + " again",
            () -> FaultOperation.failureOf(operation.begin(users, split)) == null);
      }
      long before = load.acknowledged();
      HBaseShell.await("writes again", () -> !load.isFine() || load.acknowledged() > before + 10);
      load.end();
      Put last = Users.user("row", "DE", 2, FaultOperation.nextVersion());
      users.write(last);
      assertThat(patient.get("row")).isEqualTo(last);
    }
  }

  /** All at once: each of them succeeds, or fails as may be tried again. */
  private static void assertEnds(RelayFault fault, Users users, ScanSplit split) {
    Map<FaultOperation, CompletableFuture<?>> running = new EnumMap<>(FaultOperation.class);
    for (FaultOperation operation : FaultOperation.values()) {
      running.put(operation, operation.begin(users, split).toCompletableFuture());
    }
    running.forEach(
        (operation, call) -> {
          Kind failure = FaultOperation.failureOf(call);
          if (fault == RelayFault.SLOW) {
            assertThat(failure).as("%s while slow", operation).isNull();
          } else if (fault.stopsAll()) {
            assertThat(failure)
                .as("%s while %s", operation, fault)
                .isIn(Kind.TIMEOUT, Kind.UNAVAILABLE);
          } else if (failure != null) {
            assertThat(failure.isRetryable()).as("%s: %s", operation, failure).isTrue();
          }
        });
  }
}
