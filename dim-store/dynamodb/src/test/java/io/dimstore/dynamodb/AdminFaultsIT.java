package io.dimstore.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.Server;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** Creation and validation of tables that meet faults on the wire. */
class AdminFaultsIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with(Server.DYNAMODB);

  private static final WireFault CREATING =
      WireFault.rewritten(answer -> answer.replace("\"ACTIVE\"", "\"CREATING\""));

  private FaultRig rig;

  @BeforeEach
  void open() throws IOException {
    rig = new FaultRig(stack);
  }

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  @Test
  void aTableThatIsNotActiveIsUnavailable() {
    TableSpec spec = rig.created();
    rig.proxy.next("DescribeTable", CREATING);
    StoreException failure = FaultRig.failureOf(rig.store.validate(spec));
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("is creating");
    FaultRig.await(rig.store.validate(spec));
  }

  @Test
  void creationEndsWhenTheTableIsActive() {
    TableSpec spec = FaultRig.spec();
    rig.proxy.next("DescribeTable", WireFault.none(), CREATING, CREATING);
    FaultRig.await(rig.store.createIfAbsent(spec));
    assertThat(rig.proxy.requests("DescribeTable")).isEqualTo(4);
  }

  @Test
  void aTableThatNeverBecomesActiveFailsAtItsTimeout() throws IOException {
    rig.close();
    rig = new FaultRig(stack, "create-timeout", "1 s");
    rig.proxy.always("DescribeTable", CREATING);
    TableSpec spec = FaultRig.spec();
    rig.proxy.next("DescribeTable", WireFault.none());
    assertThat(FaultRig.failureOf(rig.store.createIfAbsent(spec)).kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(rig.proxy.requests("DescribeTable")).isBetween(2, 40);
  }

  @Test
  void aCreationWhoseAnswersAreLostIsWholeAllTheSame() {
    TableSpec spec = FaultRig.spec();
    rig.proxy.next("CreateTable", WireFault.lostAnswer());
    rig.proxy.next("UpdateTimeToLive", WireFault.lostAnswer());
    FaultRig.await(rig.store.createIfAbsent(spec));
    assertThat(rig.proxy.requests("CreateTable")).isEqualTo(2);
    assertThat(timeToLiveOf(spec)).isEqualTo(TimeToLiveStatus.ENABLED);
  }

  @Test
  void aTimeToLiveThatIsRefusedFailsTheCreation() {
    rig.proxy.always("UpdateTimeToLive", LastingFault.REFUSED.fault());
    assertThat(FaultRig.failureOf(rig.store.createIfAbsent(FaultRig.spec())).kind())
        .isEqualTo(Kind.INVALID);
  }

  @Test
  void whatDoesNotPassFailsCreationAndPingAtOnce() {
    rig.proxy.always("DescribeTable", LastingFault.DENIED.fault());
    rig.proxy.always("ListTables", LastingFault.EXPIRED.fault());
    assertThat(FaultRig.failureOf(rig.store.createIfAbsent(FaultRig.spec())).kind())
        .isEqualTo(Kind.DENIED);
    assertThat(FaultRig.failureOf(rig.store.ping()).kind()).isEqualTo(Kind.DENIED);
    assertThat(rig.proxy.requests("DescribeTable")).isEqualTo(1);
    assertThat(rig.proxy.requests("ListTables")).isEqualTo(1);
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
