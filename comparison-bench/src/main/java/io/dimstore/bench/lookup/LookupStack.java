// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup;

import io.dimstore.bench.fixture.Opened;
import io.dimstore.bench.lookup.arm.LookupServers;
import io.dimstore.stack.DynamoDbEndpoint;
import io.dimstore.stack.HBaseEndpoint;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.StackOptions;
import io.dimstore.stack.relay.Relay;
import io.dimstore.stack.relay.RelayedHBase;
import io.dimstore.stack.server.Server;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The servers of a run. The arms reach them directly, or each through a relay; all relays add the
 * same time to a round trip. Not thread-safe.
 */
final class LookupStack implements AutoCloseable {

  private static final String HBASE = "hbase";
  private static final String REDIS = "redis";
  private static final String DYNAMODB = "dynamodb";
  private static final String LOOPBACK = "127.0.0.1";

  private final Opened opened;
  private final Duration roundTrip;
  private final Map<String, String> descriptions = new TreeMap<>();
  private final LookupServers servers;

  private LookupStack(
      Opened opened, Set<String> ids, UnaryOperator<StackOptions> options, Duration roundTrip) {
    this.opened = opened;
    this.roundTrip = roundTrip;
    // Tables of the store memory outlive the run that has made them.
    String instance = "bench-lookup-" + UUID.randomUUID();
    Set<String> ofStack = new HashSet<>(ids);
    HBaseEndpoint hbase = null;
    if (isDelayed() && ofStack.remove(HBASE)) {
      hbase = delayedHBase();
    }
    if (ofStack.isEmpty()) {
      this.servers = new LookupServers(hbase, LOOPBACK, 0, null, null, instance);
      return;
    }
    StackOptions started = options.apply(StackOptions.of(named(ofStack)));
    started.requireDynamoDb();
    LocalStack stack = opened.add(LocalStack.start(started));
    for (Server server : stack.servers()) {
      descriptions.put(server.id(), stack.description(server));
    }
    if (ofStack.contains(HBASE)) {
      hbase = stack.hbase();
    }
    int redis = ofStack.contains(REDIS) ? reached(stack.redis().port()) : 0;
    DynamoDbEndpoint dynamoDb = ofStack.contains(DYNAMODB) ? stack.dynamoDb() : null;
    this.servers =
        new LookupServers(
            hbase,
            LOOPBACK,
            redis,
            dynamoDb,
            dynamoDb == null ? null : reached(dynamoDb.uri()),
            instance);
  }

  /**
   * Starts the servers with these ids.
   *
   * @param options changes the options of the local stack
   * @param roundTrip what the relays add; 0 for none
   */
  static LookupStack start(
      Set<String> ids, UnaryOperator<StackOptions> options, Duration roundTrip) {
    return Opened.open(parts -> new LookupStack(parts, ids, options, roundTrip));
  }

  private static Set<Server> named(Set<String> ids) {
    return ids.stream().map(Server::of).collect(Collectors.toSet());
  }

  private boolean isDelayed() {
    return !roundTrip.isZero();
  }

  /** HBase tells its clients where it is, so it has to know its relay from the start. */
  private @Nullable HBaseEndpoint delayedHBase() {
    RelayedHBase hbase = opened.add(RelayedHBase.start());
    hbase.relay().delay(roundTrip.dividedBy(2));
    descriptions.put(HBASE, "HBase in one process, behind a relay");
    return hbase.endpoint();
  }

  private URI reached(URI address) {
    return isDelayed()
        ? URI.create("http://" + LOOPBACK + ":" + reached(address.getPort()))
        : address;
  }

  private int reached(int port) {
    if (!isDelayed()) {
      return port;
    }
    Relay relay = opened.add(Relay.to(port));
    relay.delay(roundTrip.dividedBy(2));
    return relay.port();
  }

  /** Returns where the arms reach the servers. */
  LookupServers servers() {
    return servers;
  }

  /** Returns what the servers are, by id. */
  Map<String, String> descriptions() {
    return descriptions;
  }

  @Override
  public void close() {
    opened.close();
  }
}
