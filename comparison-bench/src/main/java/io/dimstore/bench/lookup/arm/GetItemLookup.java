// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup.arm;

import static java.util.Objects.requireNonNull;

import io.dimstore.bench.lookup.job.DimensionRows;
import io.dimstore.bench.workload.RowWorkload;
import io.dimstore.stack.DynamoDbEndpoint;
import java.net.URI;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.functions.AsyncLookupFunction;
import org.apache.flink.table.functions.FunctionContext;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;

/** Sends a strongly consistent GetItem for each event, over as many connections as it needs. */
public final class GetItemLookup extends AsyncLookupFunction {

  private static final long serialVersionUID = 1;

  private final String arm;
  private final URI address;
  private final String region;
  private final String accessKey;
  private final String secretKey;
  private final int inFlight;
  private transient @Nullable SdkAsyncHttpClient http;
  private transient @Nullable DynamoDbAsyncClient client;
  private transient @Nullable LongAdder requests;

  GetItemLookup(String arm, LookupContext context) {
    DynamoDbEndpoint endpoint = context.servers().requireDynamoDb();
    this.arm = arm;
    this.address = context.servers().requireDynamoDbAddress();
    this.region = endpoint.region();
    this.accessKey = endpoint.accessKeyId();
    this.secretKey = endpoint.secretAccessKey();
    this.inFlight = context.inFlight();
  }

  @Override
  public void open(FunctionContext context) {
    requests = SentRequests.of(arm);
    http =
        NettyNioAsyncHttpClient.builder()
            .maxConcurrency(64)
            .maxPendingConnectionAcquires(Math.max(10_000, inFlight))
            .connectionAcquisitionTimeout(LookupContext.TIMEOUT)
            .readTimeout(LookupContext.TIMEOUT)
            .build();
    client =
        DynamoDbAsyncClient.builder()
            .httpClient(http)
            .endpointOverride(address)
            .region(Region.of(region))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)))
            .build();
  }

  @Override
  public CompletableFuture<Collection<RowData>> asyncLookup(RowData keyRow) {
    StringData id = keyRow.getString(0);
    Map<String, AttributeValue> key = Map.of(RowWorkload.KEY, AttributeValue.fromS(id.toString()));
    requireNonNull(requests).increment();
    return requireNonNull(client)
        .getItem(request -> request.tableName(LookupContext.TABLE).key(key).consistentRead(true))
        .thenApply(answer -> PlainEntries.found(id, values(answer)));
  }

  private static @Nullable Object @Nullable [] values(GetItemResponse answer) {
    if (!answer.hasItem() || answer.item().isEmpty()) {
      return null;
    }
    @Nullable Object[] values = new @Nullable Object[DimensionRows.VALUES.size()];
    for (int i = 0; i < values.length; i++) {
      AttributeValue value = answer.item().get(DimensionRows.VALUES.get(i).getName());
      if (value != null && value.nul() == null) {
        values[i] =
            switch (i) {
              case 1 -> Integer.valueOf(value.n());
              case 2 -> Long.valueOf(value.n());
              case 5 -> TimestampData.fromInstant(Instant.parse(value.s()));
              default -> StringData.fromString(value.s());
            };
      }
    }
    return values;
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
    if (http != null) {
      http.close();
    }
  }
}
