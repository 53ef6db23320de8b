// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.dynamodb.faults.FaultFixture;
import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.ChangeFeed.Start;
import io.dimstore.spi.Delete;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.UnreadableRow;
import io.dimstore.stack.LocalStackExtension;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/** Tests the feed of a real stream: changes by other tools, and streams with wrong settings. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChangeFeedIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  private FaultFixture fixture;
  private DynamoDbAsyncClient client;

  @BeforeAll
  void open() throws IOException {
    FaultFixture.warmUp(stack);
    fixture = new FaultFixture(stack);
    client =
        DynamoDbAsyncClient.builder()
            .endpointOverride(URI.create(stack.dynamoDb().address()))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .build();
  }

  @AfterAll
  void close() throws IOException {
    fixture.close();
    client.close();
  }

  @Test
  void anItemThatAnotherToolRemovesIsADeleteOfItsVersion() {
    TableSpec spec = followed();
    List<FeedPosition> latest = latest(spec);
    FaultFixture.await(fixture.table(spec).write(List.of(put("ours", 7))));
    putItem(spec, Map.of("k", text("theirs"), "n", number("5")));
    remove(spec, "ours");
    remove(spec, "theirs");
    assertThat(read(spec, latest, 4).changes())
        .containsExactlyInAnyOrder(
            put("ours", 7),
            new Put(Key.of("theirs"), Row.of(5), 0),
            new Delete(Key.of("ours"), 7),
            new Delete(Key.of("theirs"), 0));
  }

  @Test
  void theRemovalOfATombstoneIsNotReported() {
    TableSpec spec = followed();
    List<FeedPosition> latest = latest(spec);
    FaultFixture.await(fixture.table(spec).write(List.of(new Delete(Key.of("k"), 7))));
    remove(spec, "k");
    FaultFixture.await(fixture.table(spec).write(List.of(put("last", 1))));
    assertThat(read(spec, latest, 2).changes())
        .containsExactlyInAnyOrder(new Delete(Key.of("k"), 7), put("last", 1));
  }

  @Test
  void anUnreadableItemIsReportedAndTheFeedContinues() {
    TableSpec spec = followed();
    List<FeedPosition> latest = latest(spec);
    putItem(spec, Map.of("k", text("bad"), "n", text("no number")));
    FaultFixture.await(fixture.table(spec).write(List.of(put("good", 1))));
    FeedPage page = read(spec, latest, 2);
    assertThat(page.unreadable()).extracting(UnreadableRow::key).containsExactly(Key.of("bad"));
    assertThat(page.changes()).containsExactly(put("good", 1));
  }

  @Test
  void positionsInAnEmptyTableFindItsFirstChange() {
    for (int i = 0; i < 3; i++) {
      TableSpec spec = followed();
      List<FeedPosition> latest = latest(spec);
      // Local numbers the records of all tables in one sequence.
      FaultFixture.await(fixture.table(followed()).write(List.of(put("elsewhere", 1))));
      FaultFixture.await(fixture.table(spec).write(List.of(put("first", 1))));
      assertThat(read(spec, latest, 1).changes()).containsExactly(put("first", 1));
    }
  }

  @Test
  void aTableWithoutAStreamSaysHowToGetOne() {
    TableSpec plain = fixture.created();
    StoreException failure = FaultFixture.failureOf(feed(plain).follow(Start.EARLIEST));
    assertThat(failure.kind()).isEqualTo(Kind.NO_TABLE);
    assertThat(failure).hasMessageContaining("'change-feed'").hasMessageContaining("no stream");
    StoreException invalid = FaultFixture.failureOf(fixture.store.validate(withFeed(plain)));
    assertThat(invalid.kind()).isEqualTo(Kind.INVALID);
    assertThat(invalid).hasMessageContaining("'change-feed'");
    FaultFixture.await(fixture.store.validate(plain));
  }

  @Test
  void aStreamWithoutOldImagesIsRefused() {
    TableSpec spec = fixture.created();
    client
        .updateTable(
            update ->
                update
                    .tableName(spec.name())
                    .streamSpecification(
                        s -> s.streamEnabled(true).streamViewType(StreamViewType.NEW_IMAGE)))
        .join();
    StoreException failure = FaultFixture.failureOf(feed(spec).follow(Start.LATEST));
    assertThat(failure.kind()).isEqualTo(Kind.NO_TABLE);
    assertThat(failure).hasMessageContaining("NEW_AND_OLD_IMAGES");
  }

  @Test
  void aTableCreatedWithAChangeFeedIsValid() {
    FaultFixture.await(fixture.store.validate(followed()));
  }

  private static TableSpec withFeed(TableSpec spec) {
    return new TableSpec(
        spec.name(), spec.columns(), spec.keyColumns(), Map.of("change-feed", "true"));
  }

  private TableSpec followed() {
    TableSpec spec = withFeed(FaultFixture.spec());
    FaultFixture.await(fixture.store.createIfAbsent(spec));
    return spec;
  }

  private ChangeFeed feed(TableSpec spec) {
    return (ChangeFeed) fixture.table(spec);
  }

  private List<FeedPosition> latest(TableSpec spec) {
    return FaultFixture.await(feed(spec).follow(Start.LATEST));
  }

  /** Polls until the expected number of changes, readable or not, has been found. */
  private FeedPage read(TableSpec spec, List<FeedPosition> from, int expected) {
    List<Change> changes = new ArrayList<>();
    List<UnreadableRow> unreadable = new ArrayList<>();
    List<FeedPosition> positions = new ArrayList<>(from);
    FaultFixture.until(
        expected + " changes",
        () -> {
          List<FeedPosition> polled = List.copyOf(positions);
          positions.clear();
          for (FeedPosition position : polled) {
            FeedPage page = FaultFixture.await(feed(spec).poll(position, 100));
            changes.addAll(page.changes());
            unreadable.addAll(page.unreadable());
            positions.addAll(page.next());
          }
          return changes.size() + unreadable.size() >= expected;
        });
    return new FeedPage(changes, unreadable, positions);
  }

  private void putItem(TableSpec spec, Map<String, AttributeValue> item) {
    client.putItem(put -> put.tableName(spec.name()).item(item)).join();
  }

  private void remove(TableSpec spec, String key) {
    client.deleteItem(d -> d.tableName(spec.name()).key(Map.of("k", text(key)))).join();
  }

  private static Put put(String key, long version) {
    return new Put(Key.of(key), Row.of((int) version), version);
  }

  private static AttributeValue text(String text) {
    return AttributeValue.fromS(text);
  }

  private static AttributeValue number(String number) {
    return AttributeValue.fromN(number);
  }
}
