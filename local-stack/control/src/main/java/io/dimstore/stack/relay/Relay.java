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
 * Stands between clients and one server on loopback, and plays the faults of a network, which a
 * test switches while connections are open:
 *
 * <ul>
 *   <li>slow: {@link #delay} holds each piece for a while, in order, without limiting the rate;
 *   <li>frozen: {@link #freeze} accepts connections and bytes and passes on nothing;
 *   <li>one-way: {@link #stop} passes on nothing in one direction;
 *   <li>half-open: {@link #vanish} and {@link #cutServers} leave connections that their client
 *       believes to be open;
 *   <li>late delivery: a {@link Gate} holds a request, also beyond {@link #cutClients}, until the
 *       test opens it; so does {@link #stop} until {@link #resume};
 *   <li>{@link #cut} and {@link #refuse}.
 * </ul>
 *
 * Without a fault the relay passes on what arrives, an end as an end and a reset as a reset. Where
 * a client ends or goes while its requests are held, the server is not told: it would drop them
 * otherwise. That connection stays open to the server until the relay is closed.
 *
 * <p>Faults hold for all connections, those to come included; {@link #connections} gives single
 * ones. Each direction of a connection keeps at most 4 MB. The threads are daemons. Thread-safe.
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
  private boolean closed;
  private long accepted;

  private Relay(InetSocketAddress listen, InetSocketAddress target, Hold requests, Hold answers) {
    this.target = target;
    this.requests = Line.CLEAR.withHold(requests);
    this.answers = Line.CLEAR.withHold(answers);
    this.listener = listen(listen);
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
   * Starts a relay at an address of the caller's choice. A server that tells its clients where it
   * is listens on one loopback address, for instance 127.0.0.1, tells them another one, for
   * instance 127.0.0.2, and the relay is there, at the same port.
   */
  public static Relay between(InetSocketAddress listen, InetSocketAddress target) {
    return new Relay(listen, target, Hold.NONE, Hold.NONE);
  }

  /** Returns the port at which clients connect. */
  public int port() {
    return address.getPort();
  }

  private ServerSocket listen(InetSocketAddress at) {
    ServerSocket socket = bound(at);
    Thread thread = new Thread(() -> accept(socket), "relay-accept");
    thread.setDaemon(true);
    thread.start();
    return socket;
  }

  /**
   * Tries for a while: a socket that was just closed may hold its port until its thread notices.
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
        // Closed: the loop ends.
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

  /** Delays each piece of both directions by this much. */
  public void delay(Duration each) {
    delay(Direction.REQUESTS, each);
    delay(Direction.ANSWERS, each);
  }

  /** Delays each piece of this direction by this much, counted from its arrival. */
  public void delay(Direction direction, Duration each) {
    change(direction, line -> line.withDelay(each.toNanos()));
  }

  /**
   * Passes on nothing more in this direction until {@link #resume}. What arrives waits and is then
   * passed on.
   */
  public void stop(Direction direction) {
    change(direction, line -> line.withStopped(true));
  }

  /** Passes on nothing more in either direction until {@link #resume}. */
  public void freeze() {
    stop(Direction.REQUESTS);
    stop(Direction.ANSWERS);
  }

  /** Passes on again in both directions, what has waited first. */
  public void resume() {
    for (Direction direction : Direction.values()) {
      change(direction, line -> line.withStopped(false));
    }
  }

  /** Holds pieces of this direction as this says, in place of what held them so far. */
  public void hold(Direction direction, Hold hold) {
    change(direction, line -> line.withHold(hold));
  }

  /** Ends all faults that new connections would meet: delay, stop, hold and refusal. */
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
   * Makes both sides of the connections that are open now believe that they stay open, while all
   * that is sent on them is lost. New connections work.
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

  /** Resets the client's side of all connections; the server still receives what waits. */
  public void cutClients() {
    forEach(RelayedConnection::cutClient);
  }

  /** Resets the server's side of all connections; their clients are not told. */
  public void cutServers() {
    forEach(RelayedConnection::cutServer);
  }

  private void forEach(Consumer<RelayedConnection> action) {
    List.copyOf(connections).forEach(action);
  }

  /** Refuses new connections until {@link #accept}, as a port does where nobody listens. */
  public synchronized void refuse() {
    closeListener();
  }

  /** Accepts new connections again. */
  public synchronized void accept() {
    if (listener.isClosed() && !closed) {
      listener = listen(address);
    }
  }

  /** Returns the open connections, in no order. */
  public List<RelayedConnection> connections() {
    return List.copyOf(connections);
  }

  /** Returns how many connections were accepted so far. */
  public synchronized long accepted() {
    return accepted;
  }

  /** Returns how many bytes wait in this direction, over all connections. */
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
