// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.encoding.EncodedChange;
import io.dimstore.spi.support.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.hadoop.hbase.client.Put;
import org.junit.jupiter.api.Test;

class DualWriteTest {

  private static final int MEGABYTE = 1 << 20;

  private static EncodedChange row(int number, int bytes) {
    byte[] rowKey = {(byte) number};
    return new EncodedChange(
        Users.user("u" + number, "NL", number, 1),
        rowKey,
        new Put(rowKey).addColumn(new byte[] {'f'}, new byte[] {'q'}, 1, new byte[bytes]),
        new byte[0]);
  }

  private static List<Integer> sizes(EncodedChange... rows) {
    return DualWrite.batches(List.of(rows), EncodedChange::bytes).stream().map(List::size).toList();
  }

  @Test
  void batchesAreLimitedInBytesAndEachHasARow() {
    EncodedChange small = row(1, 10);
    EncodedChange large = row(2, 7 * MEGABYTE);
    EncodedChange huge = row(3, 20 * MEGABYTE);
    assertThat(sizes()).isEmpty();
    assertThat(sizes(small, small)).containsExactly(2);
    assertThat(sizes(large, large, large, small)).containsExactly(2, 2);
    assertThat(sizes(huge, huge, small)).containsExactly(1, 1, 1);
    assertThat(sizes(small, huge, small)).containsExactly(1, 1, 1);
  }

  @Test
  void batchesAreLimitedInRows() {
    List<EncodedChange> rows = IntStream.range(0, 2_100).mapToObj(i -> row(i, 1)).toList();
    List<List<EncodedChange>> batches = DualWrite.batches(rows, EncodedChange::bytes);
    assertThat(batches).extracting(List::size).containsExactly(1_000, 1_000, 100);
    assertThat(batches.stream().flatMap(List::stream)).containsExactlyElementsOf(rows);
  }

  @Test
  void failureIsReportedAfterTheStepThatItCauses() {
    CompletableFuture<Integer> part = new CompletableFuture<>();
    CompletableFuture<Throwable> cause = new CompletableFuture<>();
    CompletableFuture<Void> step = new CompletableFuture<>();
    CompletableFuture<Integer> reported =
        DualWrite.beforeFailure(
            part,
            Deadline.after(Duration.ofHours(1)),
            failure -> {
              cause.complete(failure);
              return step;
            });
    IllegalStateException failure = new IllegalStateException("refused");
    part.completeExceptionally(failure);
    assertThat(cause).isCompletedWithValue(failure);
    assertThat(reported).isNotDone();
    step.complete(null);
    assertThatThrownBy(reported::join).hasCause(failure);
  }

  @Test
  void stepRunsBeforeTheDeadlineIfThePartIsStillPending() throws Exception {
    CompletableFuture<Integer> part = new CompletableFuture<>();
    Deadline deadline = Deadline.after(Duration.ofSeconds(2));
    CompletableFuture<Boolean> before = new CompletableFuture<>();
    CompletableFuture<Integer> reported =
        DualWrite.beforeFailure(
            part,
            deadline,
            failure -> {
              before.complete(failure == null && !deadline.isOver());
              return CompletableFuture.completedFuture(null);
            });
    assertThat(before.get(60, TimeUnit.SECONDS)).as("the step ran before the deadline").isTrue();
    part.complete(7);
    assertThat(reported).isCompletedWithValue(7);
  }

  @Test
  void successNeedsNoStep() {
    CompletableFuture<Integer> part = new CompletableFuture<>();
    CompletableFuture<Integer> reported =
        DualWrite.beforeFailure(
            part,
            Deadline.after(Duration.ofHours(1)),
            failure -> {
              throw new AssertionError(failure);
            });
    part.complete(7);
    assertThat(reported).isCompletedWithValue(7);
  }
}
