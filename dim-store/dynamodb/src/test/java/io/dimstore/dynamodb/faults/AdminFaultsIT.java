// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.dynamodb.model.Fault;
import io.dimstore.tck.harness.TestClock;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** Tests creation and validation of tables with faulty requests. */
class AdminFaultsIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  private static final Fault CREATING =
      Fault.rewritten(answer -> answer.replace("\"ACTIVE\"", "\"CREATING\""));

  private static final Fault NO_TIME_TO_LIVE =
      Fault.answer(200, "{\"TimeToLiveDescription\":{\"TimeToLiveStatus\":\"DISABLED\"}}");

  private FaultFixture fixture;

  @BeforeEach
  void open() throws IOException {
    fixture = new FaultFixture(stack);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void aTableThatIsNotActiveIsUnavailable() {
    TableSpec spec = fixture.created();
    fixture.proxy.next("DescribeTable", CREATING);
    StoreException failure = FaultFixture.failureOf(fixture.store.validate(spec));
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("is creating");
    FaultFixture.await(fixture.store.validate(spec));
  }

  @Test
  void creationEndsWhenTheTableIsActive() {
    TableSpec spec = FaultFixture.spec();
    fixture.proxy.next("DescribeTable", Fault.none(), CREATING, CREATING);
    FaultFixture.await(fixture.store.createIfAbsent(spec));
    assertThat(fixture.proxy.requests("DescribeTable")).isEqualTo(4);
  }

  @Test
  void aTableThatNeverBecomesActiveFailsAtItsTimeout() throws IOException {
    fixture.close();
    fixture = new FaultFixture(stack, "create-timeout", "1 s");
    fixture.proxy.always("DescribeTable", CREATING);
    TableSpec spec = FaultFixture.spec();
    fixture.proxy.next("DescribeTable", Fault.none());
    assertThat(FaultFixture.failureOf(fixture.store.createIfAbsent(spec)).kind())
        .isEqualTo(Kind.TIMEOUT);
    assertThat(fixture.proxy.requests("DescribeTable")).isBetween(2, 40);
  }

  @Test
  void creationIsCompleteAlthoughItsResponsesAreLost() {
    TableSpec spec = FaultFixture.spec();
    fixture.proxy.next("CreateTable", Fault.lostAnswer());
    fixture.proxy.next("UpdateTimeToLive", Fault.lostAnswer());
    FaultFixture.await(fixture.store.createIfAbsent(spec));
    assertThat(fixture.proxy.requests("CreateTable"))
        .isBetween(2, PassingFault.LOST_ANSWER.mostAttemptsAfter(1));
    assertThat(timeToLiveOf(spec)).isEqualTo(TimeToLiveStatus.ENABLED);
  }

  @Test
  void aTimeToLiveThatIsRefusedFailsTheCreation() {
    fixture.proxy.always("UpdateTimeToLive", LastingFault.REFUSED.fault());
    assertThat(FaultFixture.failureOf(fixture.store.createIfAbsent(FaultFixture.spec())).kind())
        .isEqualTo(Kind.INVALID);
  }

  @Test
  void creationThatEndedBeforeItsTimeToLiveIsCompletedByTheNext() {
    TableSpec spec = FaultFixture.spec();
    fixture.proxy.always("UpdateTimeToLive", LastingFault.REFUSED.fault());
    assertThat(FaultFixture.failureOf(fixture.store.createIfAbsent(spec)).kind())
        .isEqualTo(Kind.INVALID);
    assertThat(timeToLiveOf(spec)).isEqualTo(TimeToLiveStatus.DISABLED);
    fixture.proxy.heal();
    fixture.forget();
    FaultFixture.await(fixture.store.createIfAbsent(spec));
    assertThat(timeToLiveOf(spec)).isEqualTo(TimeToLiveStatus.ENABLED);
    FaultFixture.await(fixture.store.createIfAbsent(spec));
    assertThat(fixture.proxy.requests("UpdateTimeToLive")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"DescribeTimeToLive, 0", "UpdateTimeToLive, 1"})
  void existingTableMayBeUsedWithoutTheRightToCompleteIt(String denied, int updates) {
    TableSpec spec = fixture.created();
    fixture.proxy.always("DescribeTimeToLive", NO_TIME_TO_LIVE);
    fixture.proxy.always(denied, LastingFault.DENIED.fault());
    FaultFixture.await(fixture.store.createIfAbsent(spec));
    assertThat(fixture.proxy.requests("UpdateTimeToLive")).isEqualTo(updates);
  }

  @Test
  void existingTableOfAnotherKeyIsNotChanged() {
    TableSpec spec = fixture.created();
    TableSpec other = new TableSpec(spec.name(), spec.columns(), List.of("n"));
    fixture.proxy.always("DescribeTimeToLive", NO_TIME_TO_LIVE);
    FaultFixture.await(fixture.store.createIfAbsent(other));
    assertThat(fixture.proxy.requests("UpdateTimeToLive")).isZero();
    assertThat(FaultFixture.failureOf(fixture.store.validate(other)).kind())
        .isEqualTo(Kind.INVALID);
  }

  @Test
  void timeToLiveOfAnotherAttributeIsRefusedWithTheCommandThatDisablesIt() {
    TableSpec spec = fixture.created();
    setTimeToLive(spec, "__dim_ttl", false);
    setTimeToLive(spec, "n", true);
    String command = "aws dynamodb update-time-to-live --table-name " + spec.name();
    for (CompletionStage<Void> call :
        List.of(fixture.store.validate(spec), fixture.store.createIfAbsent(spec))) {
      StoreException refusal = FaultFixture.failureOf(call);
      assertThat(refusal.kind()).isEqualTo(Kind.INVALID);
      assertThat(refusal)
          .hasMessageContainingAll(
              command + " --time-to-live-specification Enabled=false,AttributeName=n",
              command + " --time-to-live-specification Enabled=true,AttributeName=__dim_ttl");
    }
    assertThat(fixture.proxy.requests("UpdateTimeToLive")).as("it is not changed").isZero();
    setTimeToLive(spec, "n", false);
    FaultFixture.await(fixture.store.createIfAbsent(spec));
    FaultFixture.await(fixture.store.validate(spec));
    assertThat(timeToLiveOf(spec)).isEqualTo(TimeToLiveStatus.ENABLED);
  }

  /** The service takes up to an hour to change a time to live. */
  @ParameterizedTest
  @CsvSource({"ENABLING, INVALID", "DISABLING, UNAVAILABLE"})
  void timeToLiveOfAnotherAttributeIsRefusedWhileItChanges(String status, Kind kind) {
    TableSpec spec = fixture.created();
    fixture.proxy.always("DescribeTimeToLive", timeToLive(status, "theirs"));
    assertThat(FaultFixture.failureOf(fixture.store.validate(spec)).kind()).isEqualTo(kind);
    assertThat(FaultFixture.failureOf(fixture.store.createIfAbsent(spec)).kind()).isEqualTo(kind);
  }

  @Test
  void tableIsNotValidatedWhileItsTimeToLiveCannotBeRead() {
    TableSpec spec = fixture.created();
    fixture.proxy.always("DescribeTimeToLive", Fault.error(500, "InternalServerError", "later"));
    assertThat(FaultFixture.failureOf(fixture.store.validate(spec)).kind())
        .isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void timeToLiveSetUnderRunningJobStopsItsWritesUntilItIsRemoved() {
    TableSpec spec = fixture.created();
    List<Change> rows = FaultFixture.rows(1, 1);
    TestClock clock = TestClock.atPresent();
    Map<String, Long> gauges = new ConcurrentHashMap<>();
    try (DimensionStore store =
        DimensionStores.open("dynamodb", Local.options(stack), gaugesOf(gauges), clock)) {
      DimensionTable table = store.table(spec);
      String gauge = "unsafe-time-to-live." + spec.name();
      FaultFixture.await(table.write(rows));
      setTimeToLive(spec, "__dim_ttl", false);
      setTimeToLive(spec, "n", true);
      FaultFixture.await(table.write(rows));
      assertThat(gauges).as("before the interval of 10 minutes").doesNotContainKey(gauge);
      clock.advance(Duration.ofMinutes(10));
      FaultFixture.until("a refusal", () -> !isWritten(table, rows));
      StoreException refusal = FaultFixture.failureOf(table.write(rows));
      assertThat(refusal.kind()).isEqualTo(Kind.INVALID);
      assertThat(refusal).hasMessageContaining("Enabled=false,AttributeName=n");
      FaultFixture.until("the gauge", () -> gauges.getOrDefault(gauge, 0L) == 1);
      assertThat(FaultFixture.await(table.get(FaultFixture.keys(rows), spec.all())))
          .as("lookups continue")
          .isEqualTo(rows);
      setTimeToLive(spec, "n", false);
      clock.advance(Duration.ofSeconds(30));
      FaultFixture.await(table.write(rows));
      assertThat(gauges).containsEntry(gauge, 0L);
    }
  }

  private static boolean isWritten(DimensionTable table, List<Change> rows) {
    return table
        .write(rows)
        .handle((done, failure) -> failure == null)
        .toCompletableFuture()
        .join();
  }

  private static StoreMetrics gaugesOf(Map<String, Long> gauges) {
    return new StoreMetrics() {
      @Override
      public void request(Request request) {}

      @Override
      public void gauge(String name, long value) {
        gauges.put(name, value);
      }
    };
  }

  private static Fault timeToLive(String status, String attribute) {
    return Fault.answer(
        200,
        "{\"TimeToLiveDescription\":{\"TimeToLiveStatus\":\""
            + status
            + "\",\"AttributeName\":\""
            + attribute
            + "\"}}");
  }

  @Test
  void aPermanentFaultFailsCreationAndPingAtOnce() {
    fixture.proxy.always("DescribeTable", LastingFault.DENIED.fault());
    fixture.proxy.always("ListTables", LastingFault.EXPIRED.fault());
    assertThat(FaultFixture.failureOf(fixture.store.createIfAbsent(FaultFixture.spec())).kind())
        .isEqualTo(Kind.DENIED);
    assertThat(FaultFixture.failureOf(fixture.store.ping()).kind()).isEqualTo(Kind.DENIED);
    assertThat(fixture.proxy.requests("DescribeTable")).isEqualTo(1);
    assertThat(fixture.proxy.requests("ListTables")).isEqualTo(1);
  }

  private static TimeToLiveStatus timeToLiveOf(TableSpec spec) {
    try (DynamoDbAsyncClient client = administrator()) {
      return client
          .describeTimeToLive(describe -> describe.tableName(spec.name()))
          .join()
          .timeToLiveDescription()
          .timeToLiveStatus();
    }
  }

  private static void setTimeToLive(TableSpec spec, String attribute, boolean enabled) {
    try (DynamoDbAsyncClient client = administrator()) {
      client
          .updateTimeToLive(
              update ->
                  update
                      .tableName(spec.name())
                      .timeToLiveSpecification(
                          ttl -> ttl.enabled(enabled).attributeName(attribute)))
          .join();
    }
  }

  private static DynamoDbAsyncClient administrator() {
    return DynamoDbAsyncClient.builder()
        .endpointOverride(URI.create(stack.dynamoDb().address()))
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .build();
  }
}
