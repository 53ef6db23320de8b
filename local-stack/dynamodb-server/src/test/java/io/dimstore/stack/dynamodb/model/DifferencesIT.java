// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.dimstore.stack.dynamodb.model.Client.Said;
import io.dimstore.stack.dynamodb.program.Dynoxide;
import io.dimstore.stack.dynamodb.program.NativeServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Asks dynoxide itself for each difference from the service that {@code docs/dynamodb-servers.md}
 * lists. A test that fails because dynoxide now does what the service does says that the row of the
 * page, and the rule of the model if there is one, are no longer needed.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DifferencesIT {

  private static final Path PAGE = Path.of("../../docs/dynamodb-servers.md");

  private static NativeServer dynoxide;
  private static ServiceModel proxy;
  private static Client server;
  private static Client model;

  @BeforeAll
  static void start() throws IOException {
    dynoxide = Dynoxide.start();
    proxy = ServiceModel.before(dynoxide.address().toString());
    server = new Client(dynoxide.address().toString());
    model = new Client(proxy.address());
    server.createTable("expired");
    server.call(
        "UpdateTimeToLive",
        "{`TableName`:`expired`,`TimeToLiveSpecification`:{`Enabled`:true,`AttributeName`:`n`}}");
    server.put("expired", "a", 1_000_000_000);
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    dynoxide.close();
  }

  @Test
  void eachTestIsARowOfThePage() throws IOException {
    String page = Files.readString(PAGE);
    assertThat(Arrays.stream(DifferencesIT.class.getDeclaredMethods()))
        .filteredOn(method -> method.isAnnotationPresent(Test.class))
        .filteredOn(method -> !method.getName().equals("eachTestIsARowOfThePage"))
        .isNotEmpty()
        .allSatisfy(method -> assertThat(page).contains("| `" + method.getName() + "` |"));
    assertThat(page.lines().filter(line -> line.matches("\\|.*\\| `[a-zA-Z]+` \\|")))
        .hasSize(
            (int)
                    Arrays.stream(DifferencesIT.class.getDeclaredMethods())
                        .filter(method -> method.isAnnotationPresent(Test.class))
                        .count()
                - 1);
  }

  @Test
  void repeatedClauses() throws IOException {
    model.createTable("clauses");
    model.put("clauses", "a", 1);
    String statement =
        "UPDATE \"clauses\" SET \"n\"=? REMOVE \"x\" SET \"m\"=? REMOVE \"y\" WHERE \"k\"=?";
    String parameters = "[{`N`:`2`},{`N`:`3`},{`S`:`a`}]";

    assertThat(server.execute(statement, parameters).path("Error").path("Code").asText())
        .isEqualTo("ValidationError");

    assertThat(model.execute(statement, parameters).has("Error")).isFalse();
    assertThat(model.get("clauses", "a"))
        .isEqualTo(Client.json("{`k`:{`S`:`a`},`m`:{`N`:`3`},`n`:{`N`:`2`}}"));
  }

  @Test
  void oldItemOfAStatement() throws IOException {
    model.createTable("old");
    model.put("old", "it's", 5);
    String statement = "UPDATE \"old\" SET \"n\"=? WHERE \"k\"=? AND \"n\"<?";
    String parameters = "[{`N`:`4`},{`S`:`it's`},{`N`:`4`}]";

    JsonNode alone = server.execute(statement, parameters).path("Error");
    assertThat(alone.path("Code").asText()).isEqualTo("ConditionalCheckFailed");
    assertThat(alone.has("Item")).isFalse();

    assertThat(model.execute(statement, parameters).path("Error").path("Item").path("n"))
        .hasToString("{\"N\":\"5\"}");
    JsonNode absent =
        model.execute(statement, "[{`N`:`4`},{`S`:`absent`},{`N`:`4`}]").path("Error");
    assertThat(absent.path("Code").asText()).isEqualTo("ConditionalCheckFailed");
    assertThat(absent.has("Item")).isFalse();
    Said single =
        model.call(
            "ExecuteStatement",
            "{`Statement`:`UPDATE old SET n=1 WHERE k='it''s' AND n<1`,"
                + "`ReturnValuesOnConditionCheckFailure`:`ALL_OLD`}");
    assertThat(single.status()).isEqualTo(400);
    assertThat(single.json().path("Item").path("n")).hasToString("{\"N\":\"5\"}");
  }

  @Test
  void longStatement() throws IOException {
    model.createTable("long");
    String most = "SELECT * FROM long WHERE k='";
    String text = most + "x".repeat(8192 - most.length() - 1) + "'";
    String tooLong = text.replace("k=", "k =");

    assertThat(server.call("ExecuteStatement", "{`Statement`:`" + tooLong + "`}").status())
        .isEqualTo(200);

    assertThat(model.call("ExecuteStatement", "{`Statement`:`" + text + "`}").status())
        .isEqualTo(200);
    Said refused = model.call("ExecuteStatement", "{`Statement`:`" + tooLong + "`}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.message()).contains("less than or equal to 8192");
    assertThat(
            model
                .call("BatchExecuteStatement", "{`Statements`:[{`Statement`:`" + tooLong + "`}]}")
                .status())
        .isEqualTo(400);
  }

  @Test
  void repeatedTimeToLive() throws IOException {
    model.createTable("ttl");
    String enable =
        "{`TableName`:`ttl`,`TimeToLiveSpecification`:{`Enabled`:true,`AttributeName`:`x`}}";
    String disable = enable.replace("true", "false");
    assertThat(model.call("UpdateTimeToLive", disable).message())
        .isEqualTo("TimeToLive is already disabled");
    assertThat(model.call("UpdateTimeToLive", enable).status()).isEqualTo(200);

    assertThat(server.call("UpdateTimeToLive", enable).status()).isEqualTo(200);

    assertThat(model.call("UpdateTimeToLive", enable).message())
        .isEqualTo("TimeToLive is already enabled");
    assertThat(model.call("UpdateTimeToLive", enable.replace("`x`", "`y`")).message())
        .isEqualTo("TimeToLive is active on a different AttributeName: current AttributeName is x");
    assertThat(model.call("UpdateTimeToLive", disable).status()).isEqualTo(200);
  }

  @Test
  void charactersOfExpressions() throws Exception {
    String get = "{`TableName`:`names`,`Key`:{`k`:{`S`:`€`}},`ProjectionExpression`:`€`}";
    model.createTable("names");
    for (String field : new String[] {"€", "\\u20ac", "#€", "a.€"}) {
      Said refused = model.call("GetItem", get.replace("`€`}", "`" + field + "`}"));
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.message())
          .isEqualTo("Invalid ProjectionExpression: Syntax error; token: \"€\"");
    }
    Said batch =
        model.call(
            "BatchGetItem",
            "{`RequestItems`:{`names`:{`Keys`:[{`k`:{`S`:`a`}}],`ProjectionExpression`:`€`}}}");
    assertThat(batch.status()).isEqualTo(400);
    assertThat(
            model
                .call("GetItem", get.replace("`€`}", "`#a`,`ExpressionAttributeNames`:{`#a`:`€`}}"))
                .status())
        .isEqualTo(200);

    try (NativeServer ends = Dynoxide.start()) {
      Client alone = new Client(ends.address().toString());
      alone.createTable("names");
      assertThatThrownBy(() -> alone.call("GetItem", get)).isInstanceOf(IOException.class);
      assertThat(ends.exit().get(20, TimeUnit.SECONDS)).isNotZero();
    }
  }

  @Test
  void openShardsThatLookClosed() throws IOException {
    server.createTable(
        "streamed", ",`StreamSpecification`:{`StreamEnabled`:true,`StreamViewType`:`NEW_IMAGE`}");
    String stream =
        server
            .call("DescribeTable", "{`TableName`:`streamed`}")
            .json()
            .path("Table")
            .path("LatestStreamArn")
            .asText();
    server.put("streamed", "a", 1);
    JsonNode range =
        server
            .call("DescribeStream", "{`StreamArn`:`" + stream + "`}")
            .json()
            .path("StreamDescription")
            .path("Shards")
            .path(0)
            .path("SequenceNumberRange");
    assertThat(range.has("EndingSequenceNumber")).isTrue();
  }

  /** The item was put before the first test. */
  @Test
  @Order(Integer.MAX_VALUE)
  void expiredItems() throws IOException {
    assertThat(server.get("expired", "a").path("n")).hasToString("{\"N\":\"1000000000\"}");
  }
}
