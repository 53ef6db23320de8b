// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.dynamodb.internal.client.RequestSender;
import io.dimstore.dynamodb.internal.client.Requests;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.support.Deadline;
import io.dimstore.spi.support.RetryTimer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DescribeTimeToLiveRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTimeToLiveResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

class TimeToLiveMonitorTest {

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final Queue<CompletableFuture<DescribeTimeToLiveResponse>> answers = new ArrayDeque<>();
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private Instant now = Instant.ofEpochSecond(1_700_000_000);

  private final AbstractAppender appender =
      new AbstractAppender("lines", null, null, true, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
          warnings.add(event.getMessage().getFormattedMessage());
        }
      };

  /** A service whose answers the test gives. */
  private final DynamoDbAsyncClient service =
      new DynamoDbAsyncClient() {
        @Override
        public CompletableFuture<DescribeTimeToLiveResponse> describeTimeToLive(
            DescribeTimeToLiveRequest request) {
          CompletableFuture<DescribeTimeToLiveResponse> answer = new CompletableFuture<>();
          answers.add(answer);
          return answer;
        }

        @Override
        public String serviceName() {
          return "fake";
        }

        @Override
        public void close() {}
      };

  private final TimeToLiveMonitor monitor =
      new TimeToLiveMonitor(
          "t",
          new TableAdmin(
              service,
              new Requests(
                  service,
                  service,
                  null,
                  StoreMetrics.NONE,
                  null,
                  new RequestSender(StoreMetrics.NONE, new RetryTimer(timer), 1)),
              timer,
              null),
          StoreMetrics.NONE,
          () -> now);

  @BeforeEach
  void begin() {
    appender.start();
    ((Logger) LogManager.getLogger(TableAdmin.class)).addAppender(appender);
  }

  @AfterEach
  void end() {
    ((Logger) LogManager.getLogger(TableAdmin.class)).removeAppender(appender);
    timer.shutdownNow();
  }

  private CompletableFuture<Void> write(Duration later) {
    now = now.plus(later);
    return monitor.requireSafe(Deadline.after(Duration.ofHours(1)));
  }

  private void answer(TimeToLiveStatus status) {
    answers
        .remove()
        .complete(
            DescribeTimeToLiveResponse.builder()
                .timeToLiveDescription(
                    found -> found.timeToLiveStatus(status).attributeName("theirs"))
                .build());
  }

  private void deny() {
    answers
        .remove()
        .completeExceptionally(
            DynamoDbException.builder()
                .awsErrorDetails(
                    AwsErrorDetails.builder()
                        .errorCode("AccessDeniedException")
                        .errorMessage("not authorized")
                        .build())
                .statusCode(400)
                .build());
  }

  private static Kind refusalOf(CompletableFuture<Void> write) {
    return StoreException.find(write.handle((done, failure) -> failure).join()).kind();
  }

  @Test
  void writesAreRefusedUntilTheTableIsCorrectedAndTheFirstWriteThereafterWaitsForTheCheck() {
    assertThat(write(Duration.ofMinutes(10))).as("checked beside the writes").isCompleted();
    answer(TimeToLiveStatus.ENABLED);
    assertThat(refusalOf(write(Duration.ZERO))).isEqualTo(Kind.INVALID);
    assertThat(refusalOf(write(Duration.ofSeconds(29)))).isEqualTo(Kind.INVALID);
    assertThat(answers).as("not before its time").isEmpty();
    CompletableFuture<Void> first = write(Duration.ofSeconds(1));
    assertThat(first).isNotDone();
    assertThat(refusalOf(write(Duration.ZERO))).as("while it is checked").isEqualTo(Kind.INVALID);
    answer(TimeToLiveStatus.DISABLED);
    assertThat(first).isCompleted();
    assertThat(write(Duration.ofSeconds(30))).isCompleted();
    assertThat(answers).as("every 10 minutes again").isEmpty();
  }

  @Test
  void writesStayRefusedWhileTheTimeToLiveCannotBeReadAgain() {
    write(Duration.ofMinutes(10));
    answer(TimeToLiveStatus.ENABLED);
    CompletableFuture<Void> next = write(Duration.ofSeconds(30));
    deny();
    assertThat(refusalOf(next)).isEqualTo(Kind.INVALID);
  }

  @Test
  void missingRightToReadTheTimeToLiveIsLoggedOnce() {
    for (int i = 0; i < 3; i++) {
      assertThat(write(Duration.ofMinutes(10))).isCompleted();
      deny();
    }
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("It is unknown whether DynamoDB table t has its time to live");
  }
}
