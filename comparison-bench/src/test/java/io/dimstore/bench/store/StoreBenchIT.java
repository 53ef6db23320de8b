// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.bench.BenchMain;
import io.dimstore.stack.LocalStack;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs a whole measurement on the real servers, with too few rows for meaningful figures. */
class StoreBenchIT {

  private static final int ROWS = 300;

  @TempDir Path folder;

  @Test
  void hbaseAndRedisGiveTheRowsThatThePlainClientsGive() throws Exception {
    assertFigures(measure("hbase-redis"), "readHit", "readMiss", "dualWrite");
  }

  @Test
  void aSlowRedisIsMeasuredAgainstHBaseAlone() throws Exception {
    assertFigures(measure("slow-redis"), "slow10", "slow100", "slowTimeout");
  }

  @Test
  void dynamoDbGivesTheRowsThatThePlainClientGives() throws Exception {
    assertFigures(measure("dynamodb"), "batchRead", "write");
  }

  @Test
  void theWriteMethodsAreComparedForEachMixOnTheUsersServer() {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    try (LocalStack users = LocalStack.start("dynamodb")) {
      int exit =
          BenchMain.commandLine()
              .setOut(new PrintWriter(out, true))
              .setErr(new PrintWriter(err, true))
              .execute(
                  "bench",
                  "store",
                  "--subject=dynamodb",
                  "--mixes",
                  "--blocks=6",
                  "--dynamodb-endpoint=" + users.dynamoDb().address());
      assertThat(exit).as(err.toString()).isZero();
    }
    assertThat(out.toString())
        .containsPattern("0 % new +PutItem +1000 +1000 ")
        .containsPattern("0 % new +UPDATE first +40 +1000 ")
        .containsPattern("0 % new +INSERT first +80 +2000 ")
        .containsPattern("100 % new +store +4[0-9] +10[0-9]{2} ")
        .containsPattern("50 % superseded +UPDATE first +40 +1000 ");
  }

  @Test
  void aServerOfTheUserThatDoesNotAnswerIsNamed() {
    StringWriter err = new StringWriter();
    int exit =
        BenchMain.commandLine()
            .setErr(new PrintWriter(err, true))
            .execute(
                "bench", "store", "--subject=dynamodb", "--dynamodb-endpoint=http://127.0.0.1:1");
    assertThat(exit).isEqualTo(1);
    assertThat(err.toString())
        .contains("The DynamoDB server at http://127.0.0.1:1, named by --dynamodb-endpoint")
        .doesNotContain("\tat ");
  }

  private JsonNode measure(String subject) throws Exception {
    Path json = folder.resolve(subject + ".json");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();

    int exit =
        BenchMain.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(
                "bench",
                "store",
                "--subject",
                subject,
                "--rows",
                "" + ROWS,
                "--warm-up",
                "0s",
                "--blocks",
                "6",
                "--json",
                json.toString());

    assertThat(exit).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("A/A noise")
        .contains("95 %")
        .contains(subject.equals("slow-redis") ? "the store without Redis" : "the plain client");
    assertThat(err.toString()).contains("comparing rows");
    return new ObjectMapper().readTree(json.toFile());
  }

  private static void assertFigures(JsonNode figures, String... operations) {
    List<String> names = new ArrayList<>();
    figures.get("ratios").fieldNames().forEachRemaining(names::add);
    assertThat(names).containsExactly(operations);
    for (String operation : operations) {
      assertInterval(figures.get("ratios").get(operation));
      assertInterval(figures.get("noise").get(operation));
      assertThat(figures.get("ratios").get(operation).get("verdict").asText())
          .isIn("reached", "below", "inconclusive");
      assertThat(figures.get("cpuMicrosPerRow").get(operation).get("store").isNumber()).isTrue();
      assertThat(figures.get("cpuMicrosPerRow").get(operation).get("baseline").isNumber()).isTrue();
      assertThat(figures.get("rowsCompared").get(operation).asInt()).isEqualTo(ROWS);
    }
  }

  private static void assertInterval(JsonNode interval) {
    assertThat(interval.get("low").asDouble()).isPositive();
    assertThat(interval.get("median").asDouble())
        .isBetween(interval.get("low").asDouble(), interval.get("high").asDouble());
  }
}
