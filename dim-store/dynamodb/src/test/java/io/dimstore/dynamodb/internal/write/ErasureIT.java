// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.dynamodb.faults.FaultFixture;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What is left of a row in DynamoDB after its deletion: the promise of personal-data.md. */
class ErasureIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  /** One row is deleted by a put of its own, many by statements, which replace items in place. */
  @ParameterizedTest
  @ValueSource(ints = {1, 40})
  void deletedRowKeepsItsKeyAndNoValue(int rows) throws IOException {
    try (FaultFixture fixture = new FaultFixture(stack)) {
      TableSpec spec = FaultFixture.spec();
      FaultFixture.await(fixture.store.createIfAbsent(spec));
      DimensionTable table = fixture.table(spec);
      FaultFixture.await(table.write(changes(rows, false)));
      assertThat(items(spec)).hasSize(rows).allMatch(item -> item.containsKey("n"));
      FaultFixture.await(table.write(changes(rows, true)));
      assertThat(items(spec))
          .hasSize(rows)
          .allSatisfy(
              item ->
                  assertThat(item.keySet())
                      .containsExactlyInAnyOrder(
                          "k", "__dim_v", "__dim_c", "__dim_d", "__dim_ttl"));
    }
  }

  private static List<Change> changes(int rows, boolean delete) {
    return IntStream.range(0, rows)
        .mapToObj(
            i ->
                delete
                    ? (Change) new Delete(Key.of("k" + i), 2)
                    : new Put(Key.of("k" + i), Row.of(4711), 1))
        .toList();
  }

  private static List<Map<String, AttributeValue>> items(TableSpec spec) {
    try (DynamoDbAsyncClient client =
        DynamoDbAsyncClient.builder()
            .endpointOverride(URI.create(stack.dynamoDb().address()))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .build()) {
      return client.scan(scan -> scan.tableName(spec.name()).consistentRead(true)).join().items();
    }
  }
}
