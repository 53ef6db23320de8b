// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.dynamodb.internal.client.RequestSender;
import io.dimstore.dynamodb.internal.client.Requests;
import io.dimstore.dynamodb.internal.encoding.KeyLayout;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.Deadline;
import io.dimstore.spi.support.RetryTimer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

class TableAdminTest {

  private static final KeyLayout KEY =
      KeyLayout.of(new TableSpec("t", List.of(new Column("k", DataType.STRING)), List.of("k")));

  /** A timer whose waits end after a millisecond. */
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1) {
        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
          return super.schedule(task, 1, TimeUnit.MILLISECONDS);
        }
      };

  private final AtomicInteger polls = new AtomicInteger();

  /** A service that has a table, which never becomes active. */
  private final DynamoDbAsyncClient service =
      new DynamoDbAsyncClient() {
        @Override
        public CompletableFuture<DescribeTableResponse> describeTable(
            DescribeTableRequest request) {
          polls.incrementAndGet();
          return CompletableFuture.completedFuture(
              DescribeTableResponse.builder()
                  .table(table -> table.tableName("t").tableStatus(TableStatus.CREATING))
                  .build());
        }

        @Override
        public String serviceName() {
          return "fake";
        }

        @Override
        public void close() {}
      };

  @AfterEach
  void end() {
    timer.shutdownNow();
  }

  /** The waits of this timer are short, so an early end would come long before the deadline. */
  @Test
  void tableIsPolledUntilShortlyBeforeTheDeadline() {
    RequestSender sender = new RequestSender(StoreMetrics.NONE, new RetryTimer(timer), 1);
    TableAdmin admin =
        new TableAdmin(
            service,
            new Requests(service, service, null, StoreMetrics.NONE, null, sender),
            timer,
            null);
    Deadline deadline = Deadline.after(Duration.ofMillis(500));
    StoreException failure =
        admin
            .createIfAbsent("t", KEY, false, deadline)
            .handle((done, thrown) -> StoreException.find(thrown))
            .join();
    assertThat(deadline.remainingNanos()).isLessThan(TimeUnit.MILLISECONDS.toNanos(50));
    assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(failure).hasMessageContaining("could not be used within 'create-timeout'");
    assertThat(polls).hasValueGreaterThan(2);
  }
}
