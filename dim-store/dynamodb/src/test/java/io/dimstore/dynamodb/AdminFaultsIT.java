// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.dynamodb.faults.FaultFixture;
import io.dimstore.dynamodb.faults.LastingFault;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.dynamodb.Fault;
import java.io.IOException;
import java.net.URI;
import java.util.List;
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
    assertThat(fixture.proxy.requests("CreateTable")).isEqualTo(2);
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
  void timeToLiveOfAnotherAttributeIsNotChanged() {
    TableSpec spec = fixture.created();
    fixture.proxy.always(
        "DescribeTimeToLive",
        Fault.answer(
            200,
            "{\"TimeToLiveDescription\":"
                + "{\"TimeToLiveStatus\":\"ENABLED\",\"AttributeName\":\"theirs\"}}"));
    FaultFixture.await(fixture.store.createIfAbsent(spec));
    assertThat(fixture.proxy.requests("UpdateTimeToLive")).isZero();
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
    try (DynamoDbAsyncClient client =
        DynamoDbAsyncClient.builder()
            .endpointOverride(URI.create(stack.dynamoDb().address()))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .build()) {
      return client
          .describeTimeToLive(describe -> describe.tableName(spec.name()))
          .join()
          .timeToLiveDescription()
          .timeToLiveStatus();
    }
  }
}
