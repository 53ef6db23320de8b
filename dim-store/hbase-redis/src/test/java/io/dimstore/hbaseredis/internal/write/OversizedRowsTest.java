// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.common.Failures;
import io.dimstore.hbaseredis.internal.encoding.EncodedChange;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.apache.hadoop.hbase.DoNotRetryIOException;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.exceptions.RequestTooBigException;
import org.junit.jupiter.api.Test;

class OversizedRowsTest {

  private static final Throwable TOO_LARGE =
      new IllegalArgumentException("KeyValue size too large");

  private final List<Integer> sent = new ArrayList<>();

  private static List<EncodedChange> rows(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new EncodedChange(
                    Users.user("u" + i, "NL", i, 1),
                    new byte[] {(byte) i},
                    new Put(new byte[] {1}),
                    new byte[0]))
        .toList();
  }

  /** Writes a batch unless it has one of these rows. */
  private CompletableFuture<Void> write(
      List<EncodedChange> batch, Throwable refusal, List<Key> refused) {
    sent.add(batch.size());
    return batch.stream().anyMatch(row -> refused.contains(row.change().key()))
        ? CompletableFuture.failedFuture(
            new CompletionException(Failures.of("HBase", new CompletionException(refusal))))
        : CompletableFuture.completedFuture(null);
  }

  private static StoreException failure(CompletableFuture<?> future) {
    return StoreException.find(future.handle((done, failure) -> failure).join());
  }

  @Test
  void acceptedBatchIsSentOnce() {
    List<EncodedChange> batch = rows(8);
    OversizedRows none =
        OversizedRows.isolate(batch, part -> write(part, TOO_LARGE, List.of())).join();
    assertThat(none.writtenOf(batch)).isEqualTo(batch);
    assertThat(none.report()).isCompleted();
    assertThat(sent).containsExactly(8);
  }

  @Test
  void refusedRowsAreNamedAndAllOthersWritten() {
    List<EncodedChange> batch = rows(8);
    List<Key> refused = List.of(Key.of("u2"), Key.of("u7"));
    OversizedRows found =
        OversizedRows.isolate(batch, part -> write(part, TOO_LARGE, refused)).join();
    assertThat(found.writtenOf(batch)).hasSize(6).doesNotContain(batch.get(2), batch.get(7));
    StoreException known = failure(found.report());
    assertThat(known.kind()).isEqualTo(Kind.INVALID);
    assertThat(known.keys()).isEqualTo(refused);
    assertThat(known).hasMessage("HBase: IllegalArgumentException KeyValue size too large");
    assertThat(sent).containsExactly(8, 1, 1, 1, 1, 1, 1, 1, 1);
  }

  @Test
  void largeBatchIsDividedTwice() {
    List<EncodedChange> batch = rows(1_000);
    OversizedRows found =
        OversizedRows.isolate(batch, part -> write(part, TOO_LARGE, List.of(Key.of("u500"))))
            .join();
    assertThat(found.rows()).containsExactly(batch.get(500));
    assertThat(sent).hasSize(1 + 32 + 32).containsOnly(1_000, 32, 8, 1);
  }

  @Test
  void batchThatIsTooLargeAsAWholeIsWrittenInParts() {
    List<EncodedChange> batch = rows(8);
    OversizedRows found =
        OversizedRows.isolate(
                batch,
                part ->
                    write(
                        part,
                        new RequestTooBigException("RPC data length"),
                        part.size() > 1 ? List.of(Key.of("u2")) : List.of()))
            .join();
    assertThat(found.writtenOf(batch)).isEqualTo(batch);
    assertThat(found.report()).isCompleted();
    assertThat(sent).containsExactly(8, 1, 1, 1, 1, 1, 1, 1, 1);
  }

  @Test
  void batchThatIsRefusedForAnotherReasonIsSentOnce() {
    Throwable other = new DoNotRetryIOException("region is read only");
    CompletableFuture<OversizedRows> failed =
        OversizedRows.isolate(rows(8), part -> write(part, other, List.of(Key.of("u2"))));
    StoreException known = failure(failed);
    assertThat(known.kind()).isEqualTo(Kind.INVALID);
    assertThat(known.keys()).isEmpty();
    assertThat(sent).containsExactly(8);
  }

  @Test
  void anotherFailureOfAPartIsReportedInsteadOfTheRefusal() {
    StoreException over = new StoreException(Kind.TIMEOUT, "The deadline has passed");
    CompletableFuture<OversizedRows> failed =
        OversizedRows.isolate(
            rows(8),
            part ->
                part.size() > 2
                    ? write(part, TOO_LARGE, List.of(Key.of("u2")))
                    : CompletableFuture.failedFuture(over));
    assertThat(failure(failed)).isSameAs(over);
  }

  @Test
  void refusalOfALargeCellByARegionServerIsDistinguishedFromOthers() {
    String stack = "\n\tat org.apache.hadoop.hbase.regionserver.RSRpcServices";
    String name = DoNotRetryIOException.class.getName() + ": ";
    String large = "Cell[u1/f:country/2/Put/vlen=20000/seqid=0] with size 20049 exceeds limit of";
    assertThat(Failures.isOversized(new DoNotRetryIOException(large + " 10000 bytes"))).isTrue();
    assertThat(
            Failures.isOversized(
                new CompletionException(
                    new DoNotRetryIOException(name + large + " 10000 bytes" + stack))))
        .isTrue();
    assertThat(Failures.isOversized(new DoNotRetryIOException("exceeds limit of"))).isFalse();
    assertThat(Failures.isOversized(new IllegalArgumentException("No columns to insert")))
        .isFalse();
  }
}
