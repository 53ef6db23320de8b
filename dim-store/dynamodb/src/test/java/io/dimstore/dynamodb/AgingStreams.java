// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb;

import io.dimstore.stack.DynamoDbEndpoint;
import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.model.Exchange;
import io.dimstore.stack.dynamodb.model.ServiceModel;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/**
 * A proxy in front of the streams of the local server that simulates trimming: a day passes, and
 * the records of a table are trimmed. Responses and later records have the advanced time, and
 * requests for trimmed records are refused as by the service. Thread-safe.
 */
final class AgingStreams implements AutoCloseable {

  private static final Duration MORE_THAN_A_DAY = Duration.ofHours(25);
  private static final Pattern MADE =
      Pattern.compile("(\"ApproximateCreationDateTime\":)([0-9.E]+)");
  private static final Answer REFUSAL =
      Answer.of(400, "{\"__type\":\"com.amazonaws.dynamodb.v20120810#TrimmedDataAccessException\"}")
          .with("content-type", "application/x-amz-json-1.0");

  private final ServiceModel proxy;
  private final DynamoDbStreamsClient client;
  private final DynamoDbClient tables;

  /** The sequence number of the last record that was trimmed, by stream and shard. */
  private final Map<String, String> lastTrimmed = new HashMap<>();

  /** The stream of each iterator that does not refer to trimmed records. */
  private final Map<String, String> streams = new HashMap<>();

  private Duration ahead = Duration.ZERO;

  AgingStreams(DynamoDbEndpoint server) throws IOException {
    StaticCredentialsProvider credentials =
        StaticCredentialsProvider.create(
            AwsBasicCredentials.create(server.accessKeyId(), server.secretAccessKey()));
    this.client =
        DynamoDbStreamsClient.builder()
            .endpointOverride(URI.create(server.address()))
            .region(Region.of(server.region()))
            .credentialsProvider(credentials)
            .build();
    this.tables =
        DynamoDbClient.builder()
            .endpointOverride(URI.create(server.address()))
            .region(Region.of(server.region()))
            .credentialsProvider(credentials)
            .build();
    this.proxy = ServiceModel.before(server.address());
    this.proxy.otherwise(
        target ->
            switch (target) {
              case "GetShardIterator" -> this::iterator;
              case "GetRecords" -> this::records;
              default -> exchange -> exchange.answer(aged(exchange.ask()));
            });
  }

  String address() {
    return proxy.address();
  }

  /** Advances the time by more than a day, and trims the current records of the table. */
  synchronized void trim(String table) {
    String stream = tables.describeTable(t -> t.tableName(table)).table().latestStreamArn();
    for (Shard shard :
        client.describeStream(s -> s.streamArn(stream)).streamDescription().shards()) {
      String last = lastRecord(stream, shard.shardId());
      if (last != null) {
        lastTrimmed.put(stream + shard.shardId(), last);
      }
    }
    streams.values().removeIf(stream::equals);
    ahead = ahead.plus(MORE_THAN_A_DAY);
  }

  /** Returns the sequence number of the newest record of a shard, or null without one. */
  private String lastRecord(String stream, String shard) {
    String last = null;
    String next =
        client
            .getShardIterator(
                i ->
                    i.streamArn(stream)
                        .shardId(shard)
                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
            .shardIterator();
    while (next != null) {
      String iterator = next;
      GetRecordsResponse page = client.getRecords(r -> r.shardIterator(iterator));
      List<Record> records = page.records();
      if (records.isEmpty()) {
        return last;
      }
      last = records.get(records.size() - 1).dynamodb().sequenceNumber();
      next = page.nextShardIterator();
    }
    return last;
  }

  private void iterator(Exchange exchange) throws IOException {
    String asked = exchange.text();
    String stream = field(asked, "StreamArn");
    String last = lastTrimmed(stream + field(asked, "ShardId"));
    String from = field(asked, "SequenceNumber");
    Answer answer;
    if (last == null) {
      answer = exchange.ask();
    } else if (from != null && new BigInteger(from).compareTo(new BigInteger(last)) <= 0) {
      answer = REFUSAL;
    } else {
      // The oldest record is the one that follows those that were trimmed.
      answer =
          exchange.ask(
              asked.replace(
                  "\"TRIM_HORIZON\"",
                  "\"AFTER_SEQUENCE_NUMBER\",\"SequenceNumber\":\"" + last + "\""));
    }
    remember(answer, stream);
    exchange.answer(aged(answer));
  }

  private void records(Exchange exchange) throws IOException {
    String iterator = field(exchange.text(), "ShardIterator");
    String stream = streamOf(iterator);
    Answer answer = stream == null ? REFUSAL : exchange.ask();
    remember(answer, stream);
    exchange.answer(aged(answer));
  }

  private synchronized String lastTrimmed(String shard) {
    return lastTrimmed.get(shard);
  }

  /** Returns the stream of an iterator, or null if it refers to trimmed records. */
  private synchronized String streamOf(String iterator) {
    return streams.get(iterator);
  }

  private synchronized void remember(Answer answer, String stream) {
    String iterator = field(answer.text(), "ShardIterator");
    if (stream != null && iterator != null) {
      streams.put(iterator, stream);
    }
  }

  /** Returns the response with advanced times. */
  private synchronized Answer aged(Answer answer) {
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            Instant.now().plus(ahead).atOffset(ZoneOffset.UTC));
    String text =
        MADE.matcher(answer.text())
            .replaceAll(made -> made.group(1) + (seconds(made) + ahead.toSeconds()));
    return answer.rewritten(text).with("date", date);
  }

  private static long seconds(MatchResult made) {
    return (long) Double.parseDouble(made.group(2));
  }

  /** Returns a text of a flat JSON object, or null. */
  private static String field(String body, String name) {
    Matcher found = Pattern.compile(name + "\":\"([^\"]*)").matcher(body);
    return found.find() ? found.group(1) : null;
  }

  @Override
  public void close() throws IOException {
    proxy.close();
    client.close();
    tables.close();
  }
}
