// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import io.dimstore.stack.server.Endpoint;
import io.dimstore.stack.server.Server;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Provides running servers to a test class. All classes that run in one JVM share them: a server
 * starts when the first class needs it and ends with the JVM. (Surefire and Failsafe run each class
 * in a test run of its own if they have several JVMs, so a run would be too short.) If a server
 * cannot start, the class fails; it is never skipped.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");
 * }</pre>
 *
 * <p>Because the servers are shared, each class must use its own tables, topics and keys. A class
 * that kills a server must start its own {@link LocalStack} instead.
 */
public final class LocalStackExtension implements BeforeAllCallback {

  private static final Map<String, LocalStack> SHARED = new HashMap<>();

  private final Set<String> servers;

  private LocalStackExtension(Set<String> servers) {
    this.servers = servers;
  }

  /** Returns an extension that provides the servers with these ids. */
  public static LocalStackExtension with(String first, String... more) {
    Set<String> servers = new TreeSet<>(List.of(more));
    servers.add(first);
    return new LocalStackExtension(servers);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    synchronized (SHARED) {
      Set<String> missing = new HashSet<>(servers);
      missing.removeAll(SHARED.keySet());
      if (!missing.isEmpty()) {
        LocalStack started =
            LocalStack.start(
                StackOptions.of(missing.stream().map(Server::of).collect(Collectors.toSet())));
        // A hook of its own ends it with the JVM.
        missing.forEach(server -> SHARED.put(server, started));
      }
      servers.forEach(server -> stack(server).check());
    }
  }

  /** Returns the address of a server, which must be one of the extension's. */
  public Endpoint endpoint(String server) {
    return stack(server).endpoint(server);
  }

  /** Returns the address of HBase, which must be one of the extension's servers. */
  public HBaseEndpoint hbase() {
    return stack("hbase").hbase();
  }

  /** Returns the address of Kafka, which must be one of the extension's servers. */
  public KafkaEndpoint kafka() {
    return stack("kafka").kafka();
  }

  /** Returns the address of the local DynamoDB, which must be one of the extension's servers. */
  public DynamoDbEndpoint dynamoDb() {
    return stack("dynamodb").dynamoDb();
  }

  /** Returns the address of Redis, which must be one of the extension's servers. */
  public RedisEndpoint redis() {
    return stack("redis").redis();
  }

  /** Returns the stack that runs this server, to inspect its process and its log. */
  public LocalStack stack(String server) {
    synchronized (SHARED) {
      LocalStack stack = SHARED.get(server);
      if (stack == null || !servers.contains(server)) {
        throw new IllegalStateException(
            "LocalStackExtension.with(" + servers + ") was not asked for " + server);
      }
      return stack;
    }
  }
}
