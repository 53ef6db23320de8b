// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb;

import io.dimstore.dynamodb.faults.Local;
import io.dimstore.dynamodb.faults.PassingFault;
import io.dimstore.dynamodb.faults.ReadFaultsIT;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.Column;
import io.dimstore.spi.RowUpdates;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoredChanges;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.DynamoDbEndpoint;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.dynamodb.model.Fault;
import io.dimstore.stack.dynamodb.model.ServiceModel;
import io.dimstore.tck.harness.Provocation;
import io.dimstore.tck.harness.StoreHarness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Opens the store on the local server, and for faults through a {@link ServiceModel}. */
public class DynamoDbHarness implements StoreHarness {

  private final Map<String, String> options;
  private final ServiceModel proxy;
  private final AgingStreams streams;

  public DynamoDbHarness(LocalStackExtension stack) {
    this(stack.dynamoDb());
  }

  /** Opens the store on another server. */
  public DynamoDbHarness(DynamoDbEndpoint endpoint) {
    this.options = Local.options(endpoint);
    try {
      this.proxy = ServiceModel.before(options.getOrDefault("endpoint", ""));
      this.streams = new AgingStreams(endpoint);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String store() {
    return "dynamodb";
  }

  @Override
  public Map<String, String> options() {
    return options;
  }

  @Override
  public TableSpec table(String name, List<Column> columns, List<String> keyColumns) {
    return new TableSpec(name, columns, keyColumns, Map.of("change-feed", "true"));
  }

  @Override
  public Optional<TableSpec> withoutFeed(TableSpec spec) {
    return Optional.of(new TableSpec(spec.name(), spec.columns(), spec.keyColumns()));
  }

  @Override
  public Set<Class<?>> capabilities() {
    return Set.of(ChangeFeed.class, SharedRecords.class, StoredChanges.class, RowUpdates.class);
  }

  @Override
  public Map<String, String> provokedOptions() {
    return Map.of("endpoint", proxy.address(), "streams-endpoint", streams.address());
  }

  @Override
  public Duration shortDeadline() {
    return Duration.ofMillis(500);
  }

  @Override
  public Map<Provocation, String> unsupportedProvocations() {
    Map<Provocation, String> cannot = new EnumMap<>(Provocation.class);
    cannot.put(Provocation.REORGANISED, "the local server does not split its partitions");
    cannot.put(Provocation.CACHE_STUCK, "the store keeps no copies");
    cannot.put(Provocation.CACHE_SLOW, "the store keeps no copies");
    return cannot;
  }

  @Override
  public Runnable provoke(Provocation what, TableSpec table) {
    if (what == Provocation.CHANGES_DROPPED) {
      streams.trim(table.name());
      return () -> {};
    }
    Map<String, Fault> faults = new HashMap<>();
    Function<String, Fault> others = target -> Fault.none();
    switch (what) {
      case PARTIAL_ANSWERS ->
          faults.put("BatchGetItem", ReadFaultsIT.processed(keys -> (keys + 1) / 2));
      case NOTHING_PROCESSED -> faults.put("BatchGetItem", ReadFaultsIT.unprocessed());
      case ONE_UNPROCESSED -> faults.put("BatchGetItem", ReadFaultsIT.processed(keys -> keys - 1));
      case HALF_WRITES -> others = failingAfterTheFirst();
      case DENIED -> others = always(Fault.error(400, "AccessDeniedException", "Not yours"));
      case THROTTLED -> others = always(PassingFault.THROTTLED_TABLE.fault());
      case AWAY -> others = always(Fault.reset());
      case ANSWERS_LOST -> others = losingTheFirstAnswer();
      case STUCK -> others = always(Fault.silence());
      default -> throw new UnsupportedOperationException(what + " cannot be provoked");
    }
    faults.forEach(proxy::always);
    proxy.otherwise(others);
    return proxy::heal;
  }

  private static Function<String, Fault> always(Fault fault) {
    return target -> fault;
  }

  /** Executes the first update, and breaks the connection before its answer. */
  private static Function<String, Fault> losingTheFirstAnswer() {
    AtomicInteger updates = new AtomicInteger();
    return target ->
        target.contains("UpdateItem") && updates.getAndIncrement() == 0
            ? Fault.lostAnswer()
            : Fault.none();
  }

  /** Lets the first write request pass, and fails the others. */
  private static Function<String, Fault> failingAfterTheFirst() {
    AtomicInteger writes = new AtomicInteger();
    Fault failing = Fault.error(500, "InternalServerError", "Not now");
    return target ->
        target.contains("Get") || target.contains("Describe") || writes.getAndIncrement() == 0
            ? Fault.none()
            : failing;
  }

  @Override
  public void close() {
    try {
      proxy.close();
      streams.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
