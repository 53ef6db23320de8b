// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.stream;

import io.dimstore.dynamodb.internal.client.Requests;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.support.Deadline;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamDescription;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsAsyncClient;

/** Sends requests to DynamoDB Streams, and checks the responses. Thread-safe. */
public final class StreamRequests {

  private final DynamoDbStreamsAsyncClient client;
  private final Requests requests;
  private final InstantSource serverClock;
  private final ShardLists lists;

  public StreamRequests(
      DynamoDbStreamsAsyncClient client, Requests requests, InstantSource serverClock) {
    this.client = client;
    this.requests = requests;
    this.serverClock = serverClock;
    this.lists = new ShardLists(this::describe, serverClock);
  }

  /** Returns the lists of shards, which all feeds of the store share. */
  ShardLists lists() {
    return lists;
  }

  /** Returns the clock of the service's time. */
  InstantSource serverClock() {
    return serverClock;
  }

  private CompletableFuture<ShardLists.Shards> describe(
      String table, String stream, Deadline deadline) {
    return describe(table, stream, null, new ArrayList<>(), System.nanoTime(), deadline);
  }

  private CompletableFuture<ShardLists.Shards> describe(
      String table,
      String stream,
      @Nullable String after,
      List<Shard> before,
      long begunNanos,
      Deadline deadline) {
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
              if (page == null
                  || !page.hasShards()
                  || (page.streamArn() != null && !page.streamArn().equals(stream))) {
                throw wrongAnswer(table, "DescribeStream");
              }
              before.addAll(page.shards());
              return page.lastEvaluatedShardId() == null
                  ? CompletableFuture.completedFuture(
                      new ShardLists.Shards(page.streamStatus(), before, millisAt(begunNanos)))
                  : describe(
                      table, stream, page.lastEvaluatedShardId(), before, begunNanos, deadline);
            });
  }

  /** Converts a time of the monotonic clock to epoch milliseconds of the service. */
  private long millisAt(long nanos) {
    return serverClock.millis() - (System.nanoTime() - nanos) / 1_000_000;
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
        .thenApply(
            answer -> {
              if (answer.shardIterator() == null) {
                throw wrongAnswer(table, "GetShardIterator");
              }
              return answer.shardIterator();
            });
  }

  CompletableFuture<GetRecordsResponse> records(
      String table, String iterator, int limit, Deadline deadline) {
    return requests
        .follow(
            table,
            answer -> answer.records().size(),
            deadline,
            override ->
                client.getRecords(
                    request ->
                        request
                            .shardIterator(iterator)
                            .limit(limit)
                            .overrideConfiguration(override)))
        .thenApply(
            answer -> {
              // Without this check, an empty object would be taken for the end of the shard.
              if (!answer.hasRecords()) {
                throw wrongAnswer(table, "GetRecords");
              }
              return answer;
            });
  }

  private static StoreException wrongAnswer(String table, String operation) {
    return new StoreException(
        Kind.UNAVAILABLE,
        "DynamoDB table "
            + table
            + ": the response to "
            + operation
            + " lacks what the service always sends; something else may have answered");
  }
}
