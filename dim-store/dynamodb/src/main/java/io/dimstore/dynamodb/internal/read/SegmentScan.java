// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import io.dimstore.dynamodb.internal.capacity.ConcurrencyLimiter;
import io.dimstore.dynamodb.internal.client.Requests;
import io.dimstore.dynamodb.internal.client.StoreContext;
import io.dimstore.dynamodb.internal.encoding.ItemLayout;
import io.dimstore.dynamodb.internal.encoding.PartitionQuery;
import io.dimstore.dynamodb.internal.encoding.ReadPlan;
import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.UnreadableRow;
import io.dimstore.spi.support.Deadline;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/**
 * Scans a table in parallel segments of the service, one for each split. Key ranges are filtered on
 * the client, since the service does not order items by partition key. A range whose keys are all
 * in one partition is a single split, which is read by queries. Thread-safe.
 */
public final class SegmentScan {

  private static final int MAX_SEGMENTS = 1_000_000;

  private final String table;
  private final boolean consistent;
  private final KeyCodec order;
  private final ItemLayout items;
  private final Requests requests;
  private final ConcurrencyLimiter inFlight;
  private final InstantSource clock;

  public SegmentScan(
      String table, boolean consistent, TableSpec spec, ItemLayout items, StoreContext context) {
    this.table = table;
    this.consistent = consistent;
    this.order = new KeyCodec(spec.key());
    this.items = items;
    this.requests = context.requests();
    this.inFlight = context.reads();
    this.clock = context.clock();
  }

  public List<ScanSplit> splits(int desired, ScanOptions options) {
    items.plan(options.columns());
    Projection projection = options.columns();
    int[] columns = new int[projection.size()];
    Arrays.setAll(columns, projection::index);
    Key from = options.from();
    Key to = options.to();
    PartitionQuery query = items.query(from, to);
    if (query != null && query.isEmpty()) {
      return List.of();
    }
    int segments = query == null ? Math.max(1, Math.min(desired, MAX_SEGMENTS)) : 0;
    List<ScanSplit> splits = new ArrayList<>(segments);
    for (int segment = 0; segment < Math.max(1, segments); segment++) {
      splits.add(
          new SplitToken(
                  table,
                  segment,
                  segments,
                  options.tombstones(),
                  columns,
                  from == null ? null : order.encode(from),
                  to == null ? null : order.encode(to),
                  null)
              .toSplit());
    }
    return splits;
  }

  /** Returns whether the range lies in one partition, which a Query reads. */
  public boolean isQuery(ScanOptions options) {
    return items.query(options.from(), options.to()) != null;
  }

  public CompletableFuture<ScanPage> scan(ScanSplit split, int maxEntries, Deadline deadline) {
    if (maxEntries < 1) {
      throw StoreException.invalid("The page size must be at least 1 entry, but was " + maxEntries);
    }
    SplitToken token = SplitToken.of(split, table);
    ReadPlan plan = items.plan(Projection.of(token.columns()));
    return (token.segments() == 0
            ? query(split, token, plan, maxEntries, deadline)
            : scan(token, plan, maxEntries, deadline))
        .thenApply(answer -> page(answer, token, plan));
  }

  private CompletableFuture<Answer> query(
      ScanSplit split, SplitToken token, ReadPlan plan, int maxEntries, Deadline deadline) {
    PartitionQuery query = items.query(keyOf(token.from()), keyOf(token.to()));
    if (query == null || query.isEmpty()) {
      throw StoreException.invalid(
          "The split '" + split.token() + "' is refused: its keys are not in one partition");
    }
    QueryRequest.Builder request =
        QueryRequest.builder()
            .tableName(table)
            .keyConditionExpression(query.condition())
            .expressionAttributeValues(query.values())
            .expressionAttributeNames(plan.expression() == null ? query.names() : plan.names())
            .projectionExpression(plan.expression())
            .exclusiveStartKey(token.start())
            .consistentRead(consistent)
            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
    return inFlight
        .submit(deadline, () -> requests.partition(table, maxEntries, request, deadline))
        .thenApply(Answer::of);
  }

  private @Nullable Key keyOf(byte @Nullable [] encoded) {
    return encoded == null ? null : order.decode(encoded);
  }

  private CompletableFuture<Answer> scan(
      SplitToken token, ReadPlan plan, int maxEntries, Deadline deadline) {
    ScanRequest.Builder request =
        ScanRequest.builder()
            .tableName(table)
            .segment(token.segment())
            .totalSegments(token.segments())
            .exclusiveStartKey(token.start())
            .consistentRead(consistent)
            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
    if (plan.expression() != null) {
      request.projectionExpression(plan.expression()).expressionAttributeNames(plan.names());
    }
    return inFlight
        .submit(deadline, () -> requests.scan(table, maxEntries, request, deadline))
        .thenApply(Answer::of);
  }

  /**
   * The response to a scan or a query.
   *
   * @param items the items, or null if the response has no list of items
   * @param last the key after which the next page begins; empty at the end
   */
  private record Answer(
      @Nullable List<Map<String, AttributeValue>> items,
      @Nullable ConsumedCapacity consumed,
      Map<String, AttributeValue> last) {

    private static Answer of(ScanResponse answer) {
      return new Answer(
          answer.hasItems() ? answer.items() : null,
          answer.consumedCapacity(),
          answer.lastEvaluatedKey());
    }

    private static Answer of(QueryResponse answer) {
      return new Answer(
          answer.hasItems() ? answer.items() : null,
          answer.consumedCapacity(),
          answer.lastEvaluatedKey());
    }
  }

  private ScanPage page(Answer answer, SplitToken token, ReadPlan plan) {
    List<Map<String, AttributeValue>> found = answer.items();
    if (found == null) {
      // The service sends a list even if it is empty, so this response may not be the service's.
      throw wrongAnswer("has no list of items");
    }
    ConsumedCapacity consumed = answer.consumed();
    if (consumed != null && consumed.tableName() != null && !consumed.tableName().equals(table)) {
      throw wrongAnswer("is about table " + consumed.tableName());
    }
    Map<String, AttributeValue> last = answer.last();
    if (!last.isEmpty() && last.equals(token.start())) {
      throw wrongAnswer("ends where it began");
    }
    long now = clock.millis();
    List<Change> changes = new ArrayList<>(found.size());
    List<UnreadableRow> unreadable = new ArrayList<>(0);
    for (Map<String, AttributeValue> item : found) {
      Change change;
      try {
        change = items.decode(item, plan, now);
      } catch (StoreException e) {
        Key key = e.keys().isEmpty() ? null : e.keys().get(0);
        if (key == null || isWithin(key, token.from(), token.to())) {
          unreadable.add(new UnreadableRow(key, String.valueOf(e.getMessage())));
        }
        continue;
      }
      if (change != null
          && (token.tombstones() || change instanceof Put)
          && isWithin(change.key(), token.from(), token.to())) {
        changes.add(change);
      }
    }
    return new ScanPage(
        changes, unreadable, last.isEmpty() ? null : token.startingAfter(last).toSplit());
  }

  private StoreException wrongAnswer(String why) {
    return new StoreException(
        StoreException.Kind.UNAVAILABLE,
        "DynamoDB table " + table + ": the response to a scan " + why);
  }

  private boolean isWithin(Key key, byte @Nullable [] from, byte @Nullable [] to) {
    if (from == null && to == null) {
      return true;
    }
    byte[] bytes = order.encode(key);
    return (from == null || Arrays.compareUnsigned(bytes, from) >= 0)
        && (to == null || Arrays.compareUnsigned(bytes, to) < 0);
  }
}
