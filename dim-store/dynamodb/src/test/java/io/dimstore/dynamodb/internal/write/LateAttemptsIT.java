// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.dynamodb.faults.FaultFixture;
import io.dimstore.dynamodb.faults.LastingFault;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.dynamodb.model.Exchange;
import io.dimstore.stack.dynamodb.model.Fault;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests attempts that time out at the client and reach the service after a later write has
 * succeeded.
 */
class LateAttemptsIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  private static final String BATCH = "BatchExecuteStatement";

  @BeforeAll
  static void warmUp() throws IOException {
    FaultFixture.warmUp(stack);
  }

  /** Holds a request until it is released. */
  private static final class Late implements Fault {
    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch arrived = new CountDownLatch(1);

    @Override
    public void play(Exchange exchange) throws IOException {
      try {
        assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      exchange.ask();
      arrived.countDown();
    }

    void arrive() throws InterruptedException {
      release.countDown();
      assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static FaultFixture fixture(String... more) throws IOException {
    String[] options = {"attempt-timeout", "2 s"};
    String[] all = new String[options.length + more.length];
    System.arraycopy(options, 0, all, 0, options.length);
    System.arraycopy(more, 0, all, options.length, more.length);
    return new FaultFixture(stack, all);
  }

  /** Returns rows k0, k1, … with this value. */
  private static List<Change> rows(int count, int value, long version) {
    return IntStream.range(0, count)
        .mapToObj(i -> (Change) new Put(Key.of("k" + i), Row.of(value), version))
        .toList();
  }

  private static List<Put> read(FaultFixture fixture, TableSpec spec, List<Change> rows) {
    return FaultFixture.await(fixture.table(spec).get(FaultFixture.keys(rows), spec.all()));
  }

  /** Writes so many versions below 5 that later rows are sent as updates. */
  private static void writeUntilRowsAreUpdates(DimensionTable table, int count) {
    for (int version = 1; version <= 4; version++) {
      FaultFixture.await(table.write(rows(count * 3, 0, version)));
    }
  }

  /**
   * R3: of writes of equal version, each begun after the previous one succeeded, the last wins. The
   * late attempt is a put, an INSERT or an UPDATE; the second writer is the same process or another
   * one.
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
  void aLateAttemptDoesNotOverwriteALaterWriteOfItsVersion(
      String request, int count, boolean isThere, boolean byAnother) throws Exception {
    try (FaultFixture fixture = fixture();
        FaultFixture another = fixture()) {
      TableSpec spec = fixture.created();
      if (isThere) {
        writeUntilRowsAreUpdates(fixture.table(spec), count);
      }
      Late late = new Late();
      fixture.proxy.next(request, late);
      FaultFixture.await(fixture.table(spec).write(rows(count, 1, 5)));
      List<Change> second = rows(count, 2, 5);
      FaultFixture.await((byAnother ? another : fixture).table(spec).write(second));
      late.arrive();
      assertThat(read(fixture, spec, second)).isEqualTo(second);

      // A newer version removes the tie number and its cost.
      List<Change> newer = rows(count, 3, 6);
      FaultFixture.await(fixture.table(spec).write(newer));
      fixture.forget();
      List<Change> last = rows(count, 4, 6);
      FaultFixture.await(fixture.table(spec).write(last));
      if (request.equals("PutItem")) {
        long slow = fixture.counts.getOrDefault("failed-timeout", 0L);
        assertThat(fixture.proxy.requests(request)).isEqualTo((int) (1 + slow));
      }
      assertThat(read(fixture, spec, last)).isEqualTo(last);
    }
  }

  /** A failed call may leave attempts in transit; the caller repeats it, as R7 allows. */
  @Test
  void anAttemptOfAFailedCallDoesNotOverwriteLaterWritesOfTheProcess() throws Exception {
    try (FaultFixture fixture = fixture("max-attempts", "2")) {
      TableSpec spec = fixture.created();
      DimensionTable table = fixture.table(spec);
      Late late = new Late();
      fixture.proxy.next("PutItem", late, Fault.silence());
      List<Change> first = rows(1, 1, 5);
      assertThat(FaultFixture.failureOf(table.write(first)).kind())
          .isEqualTo(StoreException.Kind.TIMEOUT);
      FaultFixture.await(table.write(first));
      List<Change> second = rows(1, 2, 5);
      FaultFixture.await(table.write(second));
      late.arrive();
      assertThat(read(fixture, spec, second)).isEqualTo(second);
    }
  }

  /**
   * The service refuses rows of a request with an internal error, and executes it later all the
   * same. The rows are sent again until the call's deadline, and fail with the last refusal.
   */
  @ParameterizedTest
  @CsvSource({"InternalServerError", "ThrottlingError"})
  void statementsOfAFailedCallDoNotOverwriteLaterWritesOfTheProcess(String lastRefusal)
      throws Exception {
    try (FaultFixture fixture = fixture("deadline", "5 s")) {
      TableSpec spec = fixture.created();
      DimensionTable table = fixture.table(spec);
      writeUntilRowsAreUpdates(table, 8);
      AtomicReference<String> late = new AtomicReference<>();
      fixture.proxy.always(BATCH, rowsRefused(lastRefusal));
      fixture.proxy.next(
          BATCH,
          exchange -> {
            late.set(exchange.text());
            rowsRefused("InternalServerError").play(exchange);
          });
      List<Change> first = rows(8, 1, 5);
      assertThat(FaultFixture.failureOf(table.write(first)).kind().isRetryable()).isTrue();
      fixture.proxy.heal();
      FaultFixture.await(table.write(first));
      List<Change> second = rows(8, 2, 5);
      FaultFixture.await(table.write(second));
      fixture.proxy.next(
          BATCH,
          exchange -> {
            exchange.ask(late.get());
            exchange.answer(exchange.ask());
          });
      FaultFixture.await(table.write(rows(16, 3, 5).subList(8, 16)));
      assertThat(read(fixture, spec, second)).isEqualTo(second);
    }
  }

  private static Fault rowsRefused(String code) {
    String error = "{\"Error\":{\"Code\":\"" + code + "\",\"Message\":\"Later\"}}";
    return Fault.answer(
        200, "{\"Responses\":[" + String.join(",", Collections.nCopies(8, error)) + "]}");
  }

  /** The failure that the caller sees says nothing about the attempt before it. */
  @Test
  void anAttemptBeforeADeniedOneDoesNotOverwriteLaterWritesOfTheProcess() throws Exception {
    try (FaultFixture fixture = fixture()) {
      TableSpec spec = fixture.created();
      DimensionTable table = fixture.table(spec);
      Late late = new Late();
      fixture.proxy.next("PutItem", late, LastingFault.DENIED.fault());
      List<Change> first = rows(1, 1, 5);
      assertThat(FaultFixture.failureOf(table.write(first)).kind())
          .isEqualTo(StoreException.Kind.DENIED);
      FaultFixture.await(table.write(first));
      List<Change> second = rows(1, 2, 5);
      FaultFixture.await(table.write(second));
      late.arrive();
      assertThat(read(fixture, spec, second)).isEqualTo(second);
    }
  }

  /** A late attempt of an older version has no effect, and a write of a newer version applies. */
  @Test
  void aTieNumberDoesNotStopNewerVersions() throws Exception {
    try (FaultFixture fixture = fixture()) {
      TableSpec spec = fixture.created();
      DimensionTable table = fixture.table(spec);
      Late late = new Late();
      fixture.proxy.next("PutItem", late);
      FaultFixture.await(table.write(rows(1, 1, 5)));
      List<Change> newer = rows(1, 2, 6);
      FaultFixture.await(table.write(newer));
      late.arrive();
      assertThat(read(fixture, spec, newer)).isEqualTo(newer);
      FaultFixture.await(table.write(rows(1, 3, 5)));
      assertThat(read(fixture, spec, newer)).isEqualTo(newer);
      assertThat(fixture.counts).containsEntry("superseded", 1L);
    }
  }

  /** Shows the limit documented at 'write-guard': the service applies a late attempt. */
  @Test
  void withoutAGuardALateAttemptOverwritesALaterWrite() throws Exception {
    try (FaultFixture fixture = fixture("write-guard", "unguarded-last-write")) {
      TableSpec spec = fixture.created();
      Late late = new Late();
      fixture.proxy.next("BatchWriteItem", late);
      FaultFixture.await(fixture.table(spec).write(rows(1, 1, 1)));
      List<Change> second = rows(1, 2, 2);
      FaultFixture.await(fixture.table(spec).write(second));
      assertThat(read(fixture, spec, second)).isEqualTo(second);
      late.arrive();
      assertThat(read(fixture, spec, second)).isEqualTo(rows(1, 1, 1));
      assertThat(fixture.counts).containsKey("failed-timeout");
    }
  }
}
