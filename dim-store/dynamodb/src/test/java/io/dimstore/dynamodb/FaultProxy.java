package io.dimstore.dynamodb;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Stands in front of DynamoDB Local, speaks HTTP as the service does, and lets requests pass but
 * for those that a {@link WireFault} meets. Requests are told apart by their target, for instance
 * {@code BatchGetItem}. Thread-safe.
 */
final class FaultProxy implements AutoCloseable {

  private final URI upstream;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
  private final Map<String, Queue<WireFault>> scripts = new ConcurrentHashMap<>();
  private volatile Function<String, WireFault> otherwise = target -> WireFault.none();
  private final Map<String, WireFault> lasting = new ConcurrentHashMap<>();

  FaultProxy(String upstream) throws IOException {
    this.upstream = URI.create(upstream);
    this.server = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  String address() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** The next requests of this target meet these faults, one each. */
  void next(String target, WireFault... faults) {
    scripts.put(target, new ArrayDeque<>(Arrays.asList(faults)));
  }

  /** All requests of this target meet this fault until {@link #heal}. */
  void always(String target, WireFault fault) {
    lasting.put(target, fault);
  }

  /** Requests that no script is about meet what this says of their target, until healed. */
  void otherwise(Function<String, WireFault> fault) {
    otherwise = fault;
  }

  /** From now on every request passes. */
  void heal() {
    scripts.clear();
    lasting.clear();
    otherwise = target -> WireFault.none();
  }

  /** Forgets how many requests came. */
  void reset() {
    requests.clear();
  }

  /** How many requests of this target came. */
  int requests(String target) {
    AtomicInteger sum = requests.get(target);
    return sum == null ? 0 : sum.get();
  }

  /** How many connections are open. */
  int connections() {
    return open.size();
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        start(() -> serve(socket));
      } catch (IOException e) {
        // Closed: the loop ends.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      Wire wire = Wire.read(in, socket, upstream, client, closed);
      while (wire != null) {
        requests.computeIfAbsent(wire.target(), t -> new AtomicInteger()).incrementAndGet();
        faultOf(wire.target()).play(wire);
        wire = socket.isClosed() ? null : Wire.read(in, socket, upstream, client, closed);
      }
    } catch (IOException e) {
      // One end is gone, and so is the connection.
    } finally {
      open.remove(socket);
    }
  }

  private WireFault faultOf(String target) {
    Queue<WireFault> script = scripts.get(target);
    if (script != null) {
      synchronized (script) {
        WireFault next = script.poll();
        if (next != null) {
          return next;
        }
      }
    }
    WireFault fault = lasting.get(target);
    return fault != null ? fault : otherwise.apply(target);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "fault-proxy");
    thread.setDaemon(true);
    thread.start();
  }
}
