// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.model;

import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.http.HttpStream;
import io.dimstore.stack.dynamodb.http.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy before a local DynamoDB server. It does what the service does and the server does
 * not (see {@link Rule}), and forwards everything else unread. Tests can script a {@link Fault} for
 * each operation. Unlike a relay, which simulates network faults on bytes, it reads requests and
 * can answer them in place of the server. Thread-safe.
 */
public final class ServiceModel implements AutoCloseable {

  private static final int BACKLOG = 1024;

  private final URI upstream;
  private final List<Rule> rules;
  private final ServerSocket server;
  private final Set<HttpStream> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
  private final Map<String, Queue<Fault>> scripts = new ConcurrentHashMap<>();
  private volatile Function<String, Fault> otherwise = operation -> Fault.none();
  private final Map<String, Fault> lasting = new ConcurrentHashMap<>();

  private ServiceModel(URI upstream, InetSocketAddress address, List<Rule> rules)
      throws IOException {
    this.upstream = upstream;
    this.rules = List.copyOf(rules);
    this.server = new ServerSocket();
    server.bind(address, BACKLOG);
    start(this::accept);
  }

  /** Starts a model before this server, on a free port of loopback. */
  public static ServiceModel before(String server) throws IOException {
    return before(server, ModelSettings.NONE);
  }

  /** Starts a model with these settings before this server, on a free port of loopback. */
  public static ServiceModel before(String server, ModelSettings settings) throws IOException {
    return at(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        URI.create(server),
        settings,
        System::nanoTime);
  }

  /** Starts a proxy without rules at this address: every request is forwarded unread. */
  public static ServiceModel forwarding(InetSocketAddress address, URI server) throws IOException {
    return new ServiceModel(server, address, List.of());
  }

  /**
   * Starts a proxy on a free port of loopback that changes no request. It forwards each request
   * whole, waits for its answer whether or not the client is still there, and forwards one write at
   * a time.
   */
  public static ServiceModel oneWriteAtATime(URI server) throws IOException {
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return new ServiceModel(server, free, List.of(new WholeRequests()));
  }

  /** Starts a model before this server, at this address. The clock is that of the capacity. */
  public static ServiceModel at(
      InetSocketAddress address, URI server, ModelSettings settings, LongSupplier nanoTime)
      throws IOException {
    KeySchemas keys = new KeySchemas();
    ServiceCapacity capacity = new ServiceCapacity(settings, nanoTime);
    List<Rule> rules = new ArrayList<>();
    if (settings.latency().toMillis() > 0) {
      rules.add(new Latency(settings.latency()));
    }
    rules.add(new ExpressionCharacters());
    rules.add(new StatementLength());
    if (settings.unprocessed() > 0) {
      rules.add(new UnprocessedParts(settings.unprocessed()));
    }
    if (capacity.isLimited()) {
      rules.add(new Throttling(capacity, keys));
    }
    rules.add(new StatementClauses(keys));
    rules.add(new RepeatedTimeToLive());
    ServiceModel model = new ServiceModel(server, address, rules);
    Duration delay = settings.timeToLiveDelay();
    if (delay != null) {
      start(() -> new ExpiredItems(delay).removeUntil(model.closed, model.upstream));
    }
    return model;
  }

  /** Returns the address that clients use. */
  public String address() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** Applies these faults to the next requests of this operation, one each. */
  public void next(String operation, Fault... faults) {
    scripts.put(operation, new ArrayDeque<>(Arrays.asList(faults)));
  }

  /** Applies this fault to all requests of this operation until {@link #heal}. */
  public void always(String operation, Fault fault) {
    lasting.put(operation, fault);
  }

  /**
   * Applies the fault that this function returns for the operation to all other requests, until
   * {@link #heal}.
   */
  public void otherwise(Function<String, Fault> fault) {
    otherwise = fault;
  }

  /** Removes all faults. */
  public void heal() {
    scripts.clear();
    lasting.clear();
    otherwise = operation -> Fault.none();
  }

  /** Resets the counts of requests. */
  public void reset() {
    requests.clear();
  }

  /** Returns the number of requests of this operation. */
  public int requests(String operation) {
    AtomicInteger sum = requests.get(operation);
    return sum == null ? 0 : sum.get();
  }

  /** Returns the number of open connections. */
  public int connections() {
    return open.size();
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
    for (HttpStream connection : open) {
      connection.close();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        HttpStream client = new HttpStream(socket);
        open.add(client);
        start(() -> serve(client));
      } catch (IOException e) {
        // The model was closed, or the client went away.
      }
    }
  }

  private void serve(HttpStream client) {
    try (client;
        Upstream path = new Upstream(upstream)) {
      Request request = client.readRequest();
      while (request != null) {
        String operation = request.operation();
        requests.computeIfAbsent(operation, o -> new AtomicInteger()).incrementAndGet();
        faultOf(operation)
            .play(new Exchange(request, client, asked -> answer(asked, 0, path), closed));
        request = client.isClosed() ? null : client.readRequest();
      }
    } catch (IOException e) {
      // One side has closed the connection, and so the other one is closed.
    } finally {
      open.remove(client);
    }
  }

  private Answer answer(Request request, int first, Upstream path) throws IOException {
    for (int i = first; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      if (rule.concerns(request)) {
        int next = i + 1;
        return rule.answer(request, asked -> answer(asked, next, path));
      }
    }
    return path.answer(request);
  }

  private Fault faultOf(String operation) {
    Queue<Fault> script = scripts.get(operation);
    if (script != null) {
      synchronized (script) {
        Fault next = script.poll();
        if (next != null) {
          return next;
        }
      }
    }
    Fault fault = lasting.get(operation);
    return fault != null ? fault : otherwise.apply(operation);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "service-model");
    thread.setDaemon(true);
    thread.start();
  }

  /** The connection to the server that belongs to one connection of a client. */
  private static final class Upstream implements Rule.Server, AutoCloseable {

    private final URI server;
    private @Nullable HttpStream stream;

    Upstream(URI server) {
      this.server = server;
    }

    @Override
    public Answer answer(Request request) throws IOException {
      if (stream == null) {
        stream = HttpStream.connect(server);
      }
      stream.write(request);
      return stream.readAnswer();
    }

    @Override
    public void close() throws IOException {
      if (stream != null) {
        stream.close();
      }
    }
  }
}
