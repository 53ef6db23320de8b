// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.dimstore.stack.dynamodb.http.Json;
import io.dimstore.stack.dynamodb.model.Client.Said;
import io.dimstore.stack.dynamodb.program.Dynoxide;
import io.dimstore.stack.dynamodb.program.NativeServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Checks what the model simulates by its settings, before a real server. */
class SettingsIT {

  private static NativeServer dynoxide;
  private static Client server;

  @BeforeAll
  static void start() throws IOException {
    dynoxide = Dynoxide.start();
    server = new Client(dynoxide.address().toString());
  }

  @AfterAll
  static void stop() {
    dynoxide.close();
  }

  private static ServiceModel model(ModelSettings settings) throws IOException {
    return ServiceModel.before(dynoxide.address().toString(), settings);
  }

  /** Starts a model whose capacity does not come back, because its clock stands still. */
  private static ServiceModel frozen(ModelSettings settings) throws IOException {
    return ServiceModel.at(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        dynoxide.address(),
        settings,
        () -> 0);
  }

  private static String get(String table, String key) {
    return "{`TableName`:`" + table + "`,`Key`:{`k`:{`S`:`" + key + "`}},`ConsistentRead`:true}";
  }

  private static String put(String table, String key, int bytes) {
    return "{`TableName`:`"
        + table
        + "`,`Item`:{`k`:{`S`:`"
        + key
        + "`},`t`:{`S`:`"
        + "x".repeat(bytes)
        + "`}}}";
  }

  private static String keys(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{`k`:{`S`:`k" + i + "`}}")
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String reason(Said refused) {
    JsonNode reasons = refused.json().path("ThrottlingReasons");
    return (reasons.isMissingNode() ? refused.json().path("throttlingReasons") : reasons)
        .path(0)
        .path("reason")
        .asText();
  }

  @Test
  void aTableHasItsReadUnits() throws IOException {
    server.createTable("reads");
    server.call("PutItem", put("reads", "large", 300_000));
    try (ServiceModel model = frozen(ModelSettings.NONE.withTableUnits(10, 0))) {
      Client client = new Client(model.address());
      assertThat(client.call("GetItem", get("reads", "large")).status()).isEqualTo(200);
      Said refused = client.call("GetItem", get("reads", "small"));
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.json().path("__type").asText())
          .endsWith("#ProvisionedThroughputExceededException");
      assertThat(reason(refused)).isEqualTo("TableReadProvisionedThroughputExceeded");
      assertThat(client.call("Scan", "{`TableName`:`reads`}").status()).isEqualTo(400);
      Said batch =
          client.call("BatchGetItem", "{`RequestItems`:{`reads`:{`Keys`:" + keys(2) + "}}}");
      assertThat(batch.status()).isEqualTo(400);
      assertThat(client.call("PutItem", put("reads", "a", 1)).status()).isEqualTo(200);
    }
  }

  @Test
  void aTableHasItsWriteUnits() throws IOException {
    server.createTable("writes");
    try (ServiceModel model = frozen(ModelSettings.NONE.withTableUnits(0, 10))) {
      Client client = new Client(model.address());
      assertThat(client.call("PutItem", put("writes", "a", 300_000)).status()).isEqualTo(200);
      Said refused = client.call("PutItem", put("writes", "b", 1));
      assertThat(refused.status()).isEqualTo(400);
      assertThat(reason(refused)).isEqualTo("TableWriteProvisionedThroughputExceeded");
      assertThat(client.call("GetItem", get("writes", "b")).json().has("Item")).isFalse();
      assertThat(
              client
                  .call("DeleteItem", get("writes", "a").replace(",`ConsistentRead`:true", ""))
                  .status())
          .isEqualTo(400);
    }
  }

  @Test
  void aPartitionHasAThousandWriteUnitsAndItsNeighboursHaveTheirOwn() throws IOException {
    server.createTable("hot");
    try (ServiceModel model = frozen(ModelSettings.NONE.withPartitions(4))) {
      Client client = new Client(model.address());
      Said last = client.call("PutItem", put("hot", "one", 390_000));
      for (int i = 0; i < 20 && last.status() == 200; i++) {
        last = client.call("PutItem", put("hot", "one", 390_000));
      }
      assertThat(last.json().path("__type").asText()).endsWith("#ThrottlingException");
      assertThat(reason(last)).isEqualTo("TableWriteKeyRangeThroughputExceeded");
      assertThat(IntStream.range(0, 16))
          .anySatisfy(
              i ->
                  assertThat(client.call("PutItem", put("hot", "k" + i, 1)).status())
                      .isEqualTo(200));
      assertThat(client.call("GetItem", get("hot", "one")).status()).isEqualTo(200);
    }
  }

  @Test
  void theStatementsOfABatchAreThrottledOneByOne() throws IOException {
    server.createTable("statements");
    String other = keyOfAnotherPartition();
    try (ServiceModel model = frozen(ModelSettings.NONE.withPartitions(4))) {
      Client client = new Client(model.address());
      while (client.call("PutItem", put("statements", "one", 390_000)).status() == 200) {
        // Until the partition of this key has no units left.
      }
      String insert =
          "{`Statement`:`INSERT INTO statements VALUE {'k':?,'n':1}`,`Parameters`:[{`S`:`%s`}]}";
      String update =
          "{`Statement`:`UPDATE statements SET n=2 SET m=3 WHERE k=?`,`Parameters`:[{`S`:`%s`}]}";
      JsonNode responses =
          client
              .call(
                  "BatchExecuteStatement",
                  "{`Statements`:["
                      + String.join(
                          ",",
                          update.formatted("one"),
                          insert.formatted(other),
                          update.formatted(other + "x"))
                      + "]}")
              .json()
              .path("Responses");
      assertThat(responses).hasSize(3);
      assertThat(responses.get(0).path("Error").path("Code").asText()).isEqualTo("ThrottlingError");
      assertThat(responses.get(0).path("TableName").asText()).isEqualTo("statements");
      assertThat(responses.get(1).has("Error")).isFalse();
      assertThat(server.get("statements", other).path("n").path("N").asText()).isEqualTo("1");
      assertThat(server.get("statements", "one").has("n")).isFalse();
      JsonNode alone =
          client
              .call("BatchExecuteStatement", "{`Statements`:[" + update.formatted("one") + "]}")
              .json()
              .path("Responses");
      assertThat(alone).hasSize(1);
      assertThat(alone.get(0).path("Error").path("Code").asText()).isEqualTo("ThrottlingError");
    }
  }

  private static String keyOfAnotherPartition() {
    ServiceCapacity capacity = new ServiceCapacity(ModelSettings.NONE.withPartitions(4), () -> 0);
    capacity.take("t", Json.object().put("S", "one"), true, 2_000);
    return IntStream.range(0, 100)
        .mapToObj(i -> "other" + i)
        .filter(key -> capacity.take("t", Json.object().put("S", key), true, 0) == null)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatABatchLeavesIsUnprocessed() throws IOException {
    server.createTable("batches");
    try (ServiceModel model = model(ModelSettings.NONE.withUnprocessed(0.5))) {
      Client client = new Client(model.address());
      String writes =
          IntStream.range(0, 25)
              .mapToObj(i -> "{`PutRequest`:{`Item`:{`k`:{`S`:`k" + i + "`}}}}")
              .collect(Collectors.joining(",", "[", "]"));
      int requests = 0;
      JsonNode left = Json.object().put("batches", "");
      String body = "{`RequestItems`:{`batches`:" + writes + "}}";
      while (!left.isEmpty()) {
        left = client.call("BatchWriteItem", body).json().path("UnprocessedItems");
        body = "{`RequestItems`:" + left + "}";
        requests++;
      }
      assertThat(requests).isGreaterThan(1);

      TreeSet<String> found = new TreeSet<>();
      body = "{`RequestItems`:{`batches`:{`Keys`:" + keys(25) + ",`ProjectionExpression`:`k`}}}";
      left = Json.object().put("batches", "");
      requests = 0;
      while (!left.isEmpty()) {
        JsonNode said = client.call("BatchGetItem", body).json();
        said.path("Responses")
            .path("batches")
            .forEach(item -> assertThat(found.add(item.path("k").path("S").asText())).isTrue());
        left = said.path("UnprocessedKeys");
        if (!left.isEmpty()) {
          assertThat(left.path("batches").path("ProjectionExpression").asText()).isEqualTo("k");
        }
        body = "{`RequestItems`:" + left + "}";
        requests++;
      }
      assertThat(found).hasSize(25);
      assertThat(requests).isGreaterThan(1);
    }
  }

  @Test
  void expiredItemsAreRemovedAfterTheDelayAndOthersStay() throws Exception {
    server.createTable("late");
    server.call(
        "UpdateTimeToLive",
        "{`TableName`:`late`,`TimeToLiveSpecification`:{`Enabled`:true,`AttributeName`:`n`}}");
    long now = System.currentTimeMillis() / 1000;
    server.put("late", "long ago", (int) now - 7200);
    server.put("late", "just now", (int) now - 60);
    server.put("late", "later", (int) now + 7200);
    server.call("PutItem", put("late", "without", 1));
    try (ServiceModel model = model(ModelSettings.NONE.withTimeToLiveDelay(Duration.ofHours(1)))) {
      long deadline = System.nanoTime() + 30_000_000_000L;
      while (!server.get("late", "long ago").isMissingNode()) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.sleep(20);
      }
      for (String key : new String[] {"just now", "later", "without"}) {
        assertThat(server.get("late", key).isMissingNode()).as(key).isFalse();
      }
      assertThat(model.connections()).isZero();
    }
  }

  @Test
  void eachResponseIsLate() throws IOException {
    try (ServiceModel model = model(ModelSettings.NONE.withLatency(Duration.ofMillis(50)))) {
      long start = System.nanoTime();
      new Client(model.address()).call("ListTables", "{}");
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50_000_000);
    }
  }

  @Test
  void settingsAreReadByTheirNames() {
    assertThat(
            ModelSettings.of(
                "latency=5,table-read-units=100, table-write-units=50.5,partitions=4,"
                    + "unprocessed=0.1,time-to-live-delay=2000"))
        .isEqualTo(
            new ModelSettings(Duration.ofMillis(5), 100, 50.5, 4, 0.1, Duration.ofSeconds(2)));
    assertThat(ModelSettings.of("")).isEqualTo(ModelSettings.NONE);
    assertThatThrownBy(() -> ModelSettings.of("latenzy=5"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no setting 'latenzy' of the model; there are latency, partitions");
    assertThatThrownBy(() -> ModelSettings.of("partitions=x"))
        .hasMessage("partitions=x: not a number");
    assertThatThrownBy(() -> ModelSettings.of("unprocessed=1")).hasMessageContaining("below 1");
  }
}
