// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.sql.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.stack.DynamoDbEndpoint;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.StackOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job of a SQL gateway on a Flink cluster whose leading JobManager is killed. The job came with
 * the SQL jar, which its successor has to find.
 */
@Timeout(600)
class SqlJobFailoverIT {

  private static final String GATEWAY = "org.apache.flink.table.gateway.SqlGateway";
  private static final Pattern LISTENING =
      Pattern.compile("Rest endpoint listening at ([^ ]+:[0-9]+)");
  private static final int PER_SECOND = 100;
  private static final int NUMBERS = 15 * PER_SECOND;

  private static final String INSERT =
      "INSERT INTO sums SELECT MOD(id, 3), COUNT(*), SUM(id) FROM numbers GROUP BY MOD(id, 3)";

  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir Path folder;

  @Test
  void sumsAreExactThoughTheLeadingJobManagerIsKilled() throws Exception {
    StackOptions options = StackOptions.of("flink-2.2", "dynamodb").withHighAvailability();
    try (LocalStack stack = LocalStack.start(options);
        FlinkProcess gateway = gateway(URI.create(stack.flink().address()))) {
      GatewaySession session = GatewaySession.open(gateway.await().group(1));
      for (String statement : declarations(stack.dynamoDb())) {
        session.run(statement);
      }
      CompletableFuture<?> insert = start(session, INSERT);
      await(
          "a checkpoint is complete", () -> checkpoints(stack).at("/counts/completed").asInt() > 0);

      stack.flink().leader().orElseThrow().destroyForcibly();

      await(
          "the job continues from a checkpoint",
          () -> checkpoints(stack).at("/latest/restored/id").asInt() > 0);
      insert.get(5, TimeUnit.MINUTES);
      assertThat(session.run("SELECT k, n, total FROM sums"))
          .as(gateway::output)
          .containsExactlyInAnyOrder(sum(0), sum(1), sum(2));
    }
  }

  private FlinkProcess gateway(URI cluster) throws Exception {
    return FlinkProcess.start(
        folder,
        List.of(),
        LISTENING,
        GATEWAY,
        "-Dsql-gateway.endpoint.rest.address=localhost",
        "-Dsql-gateway.endpoint.rest.bind-port=0",
        "-Dexecution.target=remote",
        "-Drest.address=" + cluster.getHost(),
        "-Drest.port=" + cluster.getPort());
  }

  private static List<String> declarations(DynamoDbEndpoint dynamoDb) {
    return List.of(
        "ADD JAR '" + SqlJars.DYNAMODB + "'",
        "SET 'execution.checkpointing.interval' = '500 ms'",
        """
        CREATE TABLE numbers (id BIGINT) WITH (
          'connector' = 'datagen', 'rows-per-second' = '%d', 'fields.id.kind' = 'sequence',
          'fields.id.start' = '1', 'fields.id.end' = '%d')"""
            .formatted(PER_SECOND, NUMBERS),
        """
        CREATE TABLE sums (k BIGINT, n BIGINT, total BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH (
          'connector' = 'dim', 'store' = 'dynamodb', 'table' = 'sums', 'version' = 'arrival',
          'dynamodb.endpoint' = '%s', 'dynamodb.region' = '%s',
          'dynamodb.access-key' = '%s', 'dynamodb.secret-key' = '%s')"""
            .formatted(
                dynamoDb.address(),
                dynamoDb.region(),
                dynamoDb.accessKeyId(),
                dynamoDb.secretAccessKey()));
  }

  private static CompletableFuture<?> start(GatewaySession session, String statement) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return session.run(statement);
          } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  /** Returns the row of the numbers whose remainder is this one. */
  private static List<String> sum(long remainder) {
    long[] numbers = LongStream.rangeClosed(1, NUMBERS).filter(i -> i % 3 == remainder).toArray();
    return List.of(
        Long.toString(remainder),
        Integer.toString(numbers.length),
        Long.toString(LongStream.of(numbers).sum()));
  }

  /** Returns what the cluster reports about the checkpoints of its only job. */
  private JsonNode checkpoints(LocalStack stack) throws Exception {
    String jobs = stack.flink().address() + "/jobs/";
    String id = get(jobs).at("/jobs/0/id").asText();
    return get(jobs + id + "/checkpoints");
  }

  private JsonNode get(String uri) throws Exception {
    try {
      String answer =
          http.send(
                  HttpRequest.newBuilder(URI.create(uri)).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      return new ObjectMapper().readTree(answer);
    } catch (IOException e) {
      // No JobManager leads.
      return new ObjectMapper().createObjectNode();
    }
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("still not true after three minutes: " + what);
      }
      LockSupport.parkNanos(100_000_000);
    }
  }
}
