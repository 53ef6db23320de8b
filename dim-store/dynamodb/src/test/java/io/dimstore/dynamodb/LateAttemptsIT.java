package io.dimstore.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.Server;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attempts that the client gave up and that reach the service after later writes succeeded. */
class LateAttemptsIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with(Server.DYNAMODB);

  @BeforeAll
  static void warmUp() throws IOException {
    FaultRig.warmUp(stack);
  }

  /** A request that waits on its way until it is released. */
  private static final class Late implements WireFault {
    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch arrived = new CountDownLatch(1);

    @Override
    public void play(Wire wire) throws IOException {
      try {
        assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      wire.ask();
      arrived.countDown();
    }

    void arrive() throws InterruptedException {
      release.countDown();
      assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static FaultRig rig(String... more) throws IOException {
    String[] options = {"attempt-timeout", "2 s"};
    String[] all = new String[options.length + more.length];
    System.arraycopy(options, 0, all, 0, options.length);
    System.arraycopy(more, 0, all, options.length, more.length);
    return new FaultRig(stack, all);
  }

  /** Rows k0, k1, … with this value. */
  private static List<Change> rows(int count, int value, long version) {
    return IntStream.range(0, count)
        .mapToObj(i -> (Change) new Put(Key.of("k" + i), Row.of(value), version))
        .toList();
  }

  private static List<Put> read(FaultRig rig, TableSpec spec, List<Change> rows) {
    return FaultRig.await(rig.table(spec).get(FaultRig.keys(rows), spec.all()));
  }

  /**
   * R3: of writes of equal version, each begun after the one before succeeded, the last stands. A
   * put is late, an INSERT, and an UPDATE; the second writer is the same process or another one.
   */
  @ParameterizedTest
  @CsvSource({
    "PutItem, 1, false, false",
    "PutItem, 1, true, false",
    "PutItem, 1, true, true",
    "BatchExecuteStatement, 8, false, false",
    "BatchExecuteStatement, 8, true, false",
    "BatchExecuteStatement, 8, true, true"
  })
  void aLateAttemptDoesNotUndoALaterWriteOfItsVersion(
      String request, int count, boolean isThere, boolean byAnother) throws Exception {
    try (FaultRig rig = rig();
        FaultRig another = rig()) {
      TableSpec spec = rig.created();
      if (isThere) {
        // So many that the next ones are taken for updates.
        for (int version = 1; version <= 4; version++) {
          FaultRig.await(rig.table(spec).write(rows(count * 3, 0, version)));
        }
      }
      Late late = new Late();
      rig.proxy.next(request, late);
      FaultRig.await(rig.table(spec).write(rows(count, 1, 5)));
      List<Change> second = rows(count, 2, 5);
      FaultRig.await((byAnother ? another : rig).table(spec).write(second));
      late.arrive();
      assertThat(read(rig, spec, second)).isEqualTo(second);

      // The turn goes with the version, and with it what it costs.
      List<Change> newer = rows(count, 3, 6);
      FaultRig.await(rig.table(spec).write(newer));
      rig.forget();
      List<Change> last = rows(count, 4, 6);
      FaultRig.await(rig.table(spec).write(last));
      if (request.equals("PutItem")) {
        long slow = rig.counts.getOrDefault("failed-timeout", 0L);
        assertThat(rig.proxy.requests(request)).isEqualTo((int) (1 + slow));
      }
      assertThat(read(rig, spec, last)).isEqualTo(last);
    }
  }

  /** A call that fails leaves attempts behind; the caller sends it again, as R7 allows. */
  @Test
  void anAttemptOfAFailedCallDoesNotUndoWhatTheProcessWritesAfterIt() throws Exception {
    try (FaultRig rig = rig("max-attempts", "2")) {
      TableSpec spec = rig.created();
      DimensionTable table = rig.table(spec);
      Late late = new Late();
      rig.proxy.next("PutItem", late, WireFault.silence());
      List<Change> first = rows(1, 1, 5);
      assertThat(FaultRig.failureOf(table.write(first)).kind())
          .isEqualTo(StoreException.Kind.TIMEOUT);
      FaultRig.await(table.write(first));
      List<Change> second = rows(1, 2, 5);
      FaultRig.await(table.write(second));
      late.arrive();
      assertThat(read(rig, spec, second)).isEqualTo(second);
    }
  }

  /** A late attempt of an older version was never a danger, and a newer one still applies. */
  @Test
  void aTurnDoesNotStopNewerVersions() throws Exception {
    try (FaultRig rig = rig()) {
      TableSpec spec = rig.created();
      DimensionTable table = rig.table(spec);
      Late late = new Late();
      rig.proxy.next("PutItem", late);
      FaultRig.await(table.write(rows(1, 1, 5)));
      List<Change> newer = rows(1, 2, 6);
      FaultRig.await(table.write(newer));
      late.arrive();
      assertThat(read(rig, spec, newer)).isEqualTo(newer);
      FaultRig.await(table.write(rows(1, 3, 5)));
      assertThat(read(rig, spec, newer)).isEqualTo(newer);
      assertThat(rig.counts).containsEntry("superseded", 1L);
    }
  }

  /** The limit that 'write-guard' names: nothing tells the service not to apply a late attempt. */
  @Test
  void withoutAGuardALateAttemptUndoesALaterWrite() throws Exception {
    try (FaultRig rig = rig("write-guard", "unguarded-last-write")) {
      TableSpec spec = rig.created();
      Late late = new Late();
      rig.proxy.next("BatchWriteItem", late);
      FaultRig.await(rig.table(spec).write(rows(1, 1, 1)));
      List<Change> second = rows(1, 2, 2);
      FaultRig.await(rig.table(spec).write(second));
      assertThat(read(rig, spec, second)).isEqualTo(second);
      late.arrive();
      assertThat(read(rig, spec, second)).isEqualTo(rows(1, 1, 1));
      assertThat(rig.counts).containsKey("failed-timeout");
    }
  }
}
