// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.relay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Forwards connections from clients to one server on loopback and simulates network faults. A test
 * switches the faults while connections are open:
 *
 * <ul>
 *   <li>slow: {@link #delay} holds each piece for a while, in order, without limiting the rate;
 *   <li>frozen: {@link #freeze} accepts connections and bytes and passes on nothing;
 *   <li>one-way: {@link #stop} passes on nothing in one direction;
 *   <li>half-open: {@link #vanish} and {@link #cutServers} leave connections that their client
 *       believes to be open;
 *   <li>late delivery: a {@link RelayGate} holds a request until the test opens it, even after
 *       {@link #cutClients}; {@link #stop} holds requests in the same way until {@link #resume};
 *   <li>reset and refused connections: {@link #cut} and {@link #refuse}.
 * </ul>
 *
 * Without a fault the relay passes on everything that arrives, including ends and resets. If a
 * client closes or resets its connection while its requests are held, that is not passed on to the
 * server, because the server would drop the requests. That connection to the server stays open
 * until the relay is closed.
 *
 * <p>Faults apply to all connections, including later ones. {@link #connections} gives access to
 * individual connections. Each direction of a connection queues at most 4 MB. The threads are
 * daemons. Thread-safe.
 */
public final class Relay implements AutoCloseable {

  private static final int BACKLOG = 128;
  private static final long BIND_NANOS = 10_000_000_000L;

  private final InetSocketAddress target;
  private final InetSocketAddress address;
  private final Set<RelayedConnection> connections = ConcurrentHashMap.newKeySet();
  private Line requests;
  private Line answers;
  private ServerSocket listener;
  private Thread acceptor;
  private boolean closed;
  private long accepted;

  private Relay(InetSocketAddress listen, InetSocketAddress target, Hold requests, Hold answers) {
    this.target = target;
    this.requests = Line.CLEAR.withHold(requests);
    this.answers = Line.CLEAR.withHold(answers);
    this.listener = bound(listen);
    this.acceptor = startAccepting(listener);
    this.address = (InetSocketAddress) listener.getLocalSocketAddress();
  }

  /** Starts a relay to this port of 127.0.0.1. */
  public static Relay to(int port) {
    return to(port, Hold.NONE, Hold.NONE);
  }

  /** Starts a relay to this port of 127.0.0.1 that holds pieces from the start. */
  public static Relay to(int port, Hold requests, Hold answers) {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    return new Relay(
        new InetSocketAddress(loopback, 0),
        new InetSocketAddress(loopback, port),
        requests,
        answers);
  }

  /**
   * Starts a relay at an address chosen by the caller. This serves servers that advertise their own
   * address to clients. Such a server listens on one loopback address, for instance 127.0.0.1, and
   * advertises another one, for instance 127.0.0.2. The relay listens at the advertised address on
   * the same port.
   */
  public static Relay between(InetSocketAddress listen, InetSocketAddress target) {
    return new Relay(listen, target, Hold.NONE, Hold.NONE);
  }

  /** Returns the port at which clients connect. */
  public int port() {
    return address.getPort();
  }

  private Thread startAccepting(ServerSocket socket) {
    Thread thread = new Thread(() -> accept(socket), "relay-accept");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /**
   * Binds the socket and retries for a while, because a socket that was just closed may keep its
   * port until its thread notices.
   */
  private static ServerSocket bound(InetSocketAddress at) {
    long end = System.nanoTime() + BIND_NANOS;
    while (true) {
      try {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(at, BACKLOG);
        return socket;
      } catch (IOException e) {
        if (System.nanoTime() - end > 0) {
          throw new UncheckedIOException("The relay cannot listen at " + at, e);
        }
        LockSupport.parkNanos(5_000_000);
      }
    }
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        admit(socket.accept());
      } catch (IOException e) {
        // The socket was closed, which ends the loop.
      }
    }
  }

  private synchronized void admit(Socket client) throws IOException {
    if (closed) {
      Pipe.reset(client);
      return;
    }
    accepted++;
    RelayedConnection connection =
        new RelayedConnection(client, requests, answers, connections::remove);
    connections.add(connection);
    connection.open(target);
  }

  /** Delays each piece of both directions by this time, counted from its arrival. */
  public void delay(Duration each) {
    delay(Direction.REQUESTS, each);
    delay(Direction.ANSWERS, each);
  }

  /** Delays each piece of this direction by this time, counted from its arrival. */
  public void delay(Direction direction, Duration each) {
    change(direction, line -> line.withDelay(each.toNanos()));
  }

  /**
   * Stops passing pieces on in this direction until {@link #resume}. Pieces that arrive meanwhile
   * are queued and then passed on.
   */
  public void stop(Direction direction) {
    change(direction, line -> line.withStopped(true));
  }

  /** Stops passing pieces on in both directions until {@link #resume}. */
  public void freeze() {
    stop(Direction.REQUESTS);
    stop(Direction.ANSWERS);
  }

  /** Resumes both directions. Queued pieces are passed on first. */
  public void resume() {
    for (Direction direction : Direction.values()) {
      change(direction, line -> line.withStopped(false));
    }
  }

  /** Replaces the hold of this direction. */
  public void hold(Direction direction, Hold hold) {
    change(direction, line -> line.withHold(hold));
  }

  /** Ends all faults that affect new connections: delay, stop, hold and refusal. */
  public void heal() {
    for (Direction direction : Direction.values()) {
      change(direction, line -> Line.CLEAR);
    }
    accept();
  }

  private synchronized void change(Direction direction, UnaryOperator<Line> change) {
    switch (direction) {
      case REQUESTS -> requests = change.apply(requests);
      case ANSWERS -> answers = change.apply(answers);
    }
    connections.forEach(connection -> connection.change(direction, change));
  }

  /**
   * Drops all data of the open connections, in both directions, while both sides believe that they
   * are still connected. New connections work.
   */
  public void vanish() {
    for (Direction direction : Direction.values()) {
      forEach(connection -> connection.lose(direction));
    }
  }

  /** Resets all connections. */
  public void cut() {
    forEach(RelayedConnection::cut);
  }

  /** Resets the client's side of all connections. The server still receives queued pieces. */
  public void cutClients() {
    forEach(RelayedConnection::cutClient);
  }

  /** Resets the server's side of all connections without telling their clients. */
  public void cutServers() {
    forEach(RelayedConnection::cutServer);
  }

  private void forEach(Consumer<RelayedConnection> action) {
    List.copyOf(connections).forEach(action);
  }

  /**
   * Refuses new connections until {@link #accept}, as a port without a listener does. Returns when
   * the port is closed, which it is once the thread that accepts has noticed.
   */
  public void refuse() {
    Thread ending;
    synchronized (this) {
      closeListener();
      ending = acceptor;
    }
    try {
      ending.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Accepts new connections again. */
  public synchronized void accept() {
    if (listener.isClosed() && !closed) {
      listener = bound(address);
      acceptor = startAccepting(listener);
    }
  }

  /** Returns the open connections in no particular order. */
  public List<RelayedConnection> connections() {
    return List.copyOf(connections);
  }

  /** Returns how many connections have been accepted so far. */
  public synchronized long accepted() {
    return accepted;
  }

  /** Returns how many bytes are queued or held in this direction, over all connections. */
  public long waiting(Direction direction) {
    return connections.stream().mapToLong(connection -> connection.waiting(direction)).sum();
  }

  private void closeListener() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Refuses new connections and resets the open ones. Calling it again changes nothing. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      closeListener();
    }
    cut();
  }
}
