package io.dimstore.dynamodb;

import io.dimstore.spi.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamDescription;
import software.amazon.awssdk.services.dynamodb.model.StreamStatus;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsAsyncClient;

/** The requests to the service of a table's stream. */
final class StreamRequests {

  private final DynamoDbStreamsAsyncClient client;
  private final Requests requests;

  StreamRequests(DynamoDbStreamsAsyncClient client, Requests requests) {
    this.client = client;
    this.requests = requests;
  }

  /**
   * A stream as it is now.
   *
   * @param status whether changes are recorded
   * @param shards all that are kept
   */
  record Described(StreamStatus status, List<Shard> shards) {}

  CompletableFuture<Described> describe(String table, String stream, Deadline deadline) {
    return describe(table, stream, null, new ArrayList<>(), deadline);
  }

  private CompletableFuture<Described> describe(
      String table, String stream, @Nullable String after, List<Shard> before, Deadline deadline) {
    return requests
        .follow(
            table,
            answer -> 0,
            deadline,
            override ->
                client.describeStream(
                    request ->
                        request
                            .streamArn(stream)
                            .exclusiveStartShardId(after)
                            .overrideConfiguration(override)))
        .thenCompose(
            answer -> {
              StreamDescription page = answer.streamDescription();
              before.addAll(page.shards());
              return page.lastEvaluatedShardId() == null
                  ? CompletableFuture.completedFuture(new Described(page.streamStatus(), before))
                  : describe(table, stream, page.lastEvaluatedShardId(), before, deadline);
            });
  }

  CompletableFuture<String> iterator(
      String table,
      FeedToken token,
      ShardIteratorType type,
      @Nullable String sequenceNumber,
      Deadline deadline) {
    return requests
        .follow(
            table,
            answer -> 0,
            deadline,
            override ->
                client.getShardIterator(
                    request ->
                        request
                            .streamArn(token.stream())
                            .shardId(token.shard())
                            .shardIteratorType(type)
                            .sequenceNumber(sequenceNumber)
                            .overrideConfiguration(override)))
        .thenApply(answer -> answer.shardIterator());
  }

  CompletableFuture<GetRecordsResponse> records(
      String table, String iterator, int limit, Deadline deadline) {
    return requests.follow(
        table,
        answer -> answer.records().size(),
        deadline,
        override ->
            client.getRecords(
                request ->
                    request.shardIterator(iterator).limit(limit).overrideConfiguration(override)));
  }
}
