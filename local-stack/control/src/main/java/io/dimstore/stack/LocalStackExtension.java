package io.dimstore.stack;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives a test class running servers. All classes of one test run share them: a server starts when
 * the first class needs it and ends with the run. A server that cannot start fails the class; it is
 * never skipped.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final LocalStackExtension stack = LocalStackExtension.with(Server.HBASE, Server.REDIS);
 * }</pre>
 *
 * <p>Because the servers are shared, each class uses tables, topics and keys of its own, and one
 * that kills a server starts a {@link LocalStack} of its own instead.
 */
public final class LocalStackExtension implements BeforeAllCallback {

  private static final Map<Server, LocalStack> SHARED = new EnumMap<>(Server.class);

  private final Set<Server> servers;

  private LocalStackExtension(Set<Server> servers) {
    this.servers = servers;
  }

  /** An extension that provides these servers. */
  public static LocalStackExtension with(Server first, Server... more) {
    return new LocalStackExtension(EnumSet.of(first, more));
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    synchronized (SHARED) {
      EnumSet<Server> missing = EnumSet.copyOf(servers);
      missing.removeAll(SHARED.keySet());
      if (!missing.isEmpty()) {
        LocalStack started = LocalStack.start(StackOptions.of(missing));
        missing.forEach(server -> SHARED.put(server, started));
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.create(LocalStackExtension.class))
            .put(started, (AutoCloseable) () -> end(started));
      }
      servers.forEach(server -> stack(server).check());
    }
  }

  private static void end(LocalStack stack) {
    synchronized (SHARED) {
      SHARED.values().removeIf(shared -> shared == stack);
      stack.close();
    }
  }

  /** Where HBase is reached; so for the others below. Only for servers that were asked for. */
  public HBaseEndpoint hbase() {
    return stack(Server.HBASE).hbase();
  }

  /** Where Kafka is reached. */
  public KafkaEndpoint kafka() {
    return stack(Server.KAFKA).kafka();
  }

  /** Where DynamoDB Local is reached. */
  public DynamoDbEndpoint dynamoDb() {
    return stack(Server.DYNAMODB).dynamoDb();
  }

  /** Where Redis is reached. */
  public RedisEndpoint redis() {
    return stack(Server.REDIS).redis();
  }

  /** The stack that this server is part of, to look at its process and its log. */
  public LocalStack stack(Server server) {
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
