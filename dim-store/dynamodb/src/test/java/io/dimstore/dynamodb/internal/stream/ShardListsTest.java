// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.dynamodb.internal.stream.ShardLists.Shards;
import io.dimstore.spi.support.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.StreamStatus;

class ShardListsTest {

  private final Deadline later = Deadline.after(Duration.ofMinutes(1));

  @Test
  void readThatThrowsAnErrorFailsAndTheNextOneReadsAgain() {
    Error thrown = new StackOverflowError("while it began");
    Shards found = new Shards(StreamStatus.ENABLED, List.of(), 0);
    AtomicInteger reads = new AtomicInteger();
    ShardLists lists =
        new ShardLists(
            (table, stream, deadline) -> {
              if (reads.incrementAndGet() == 1) {
                throw thrown;
              }
              return CompletableFuture.completedFuture(found);
            },
            InstantSource.system());
    assertThatThrownBy(() -> lists.now("t", "s", later).join()).hasCause(thrown);
    assertThat(lists.now("t", "s", later)).isCompletedWithValue(found);
  }
}
