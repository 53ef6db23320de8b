// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.relay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * One client's connection through a {@link Relay}. Its settings affect this connection alone, until
 * the same setting is changed for the whole relay. Thread-safe.
 */
public final class RelayedConnection {

  private final Socket client;
  private final Socket server = new Socket();
  private final Pipe requests;
  private final Pipe answers;
  private final List<Thread> threads = new ArrayList<>();
  private final Consumer<RelayedConnection> gone;
  private int ended;
  private boolean closed;

  RelayedConnection(Socket client, Line requests, Line answers, Consumer<RelayedConnection> gone) {
    this.client = client;
    this.gone = gone;
    this.requests = new Pipe(client, server, requests, true, this::ended);
    this.answers = new Pipe(server, client, answers, false, this::ended);
  }

  /** Connects to the server on its own thread, because a server may be slow to accept. */
  void open(SocketAddress target) {
    start(() -> connect(target));
  }

  private void connect(SocketAddress target) {
    try {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      server.connect(target);
    } catch (IOException e) {
      // The server is down, or the relay was closed meanwhile.
      cut();
      return;
    }
    start(() -> requests.write(answers));
    start(() -> answers.write(requests));
    start(answers::read);
    requests.read();
  }

  private synchronized void start(Runnable work) {
    if (!closed) {
      Thread thread = new Thread(work, "relay");
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  /** Closes the connection once both directions have ended. */
  private void ended() {
    boolean both;
    synchronized (this) {
      both = ++ended == 2;
    }
    if (both) {
      end(RelayedConnection::close);
    }
  }

  private Pipe pipe(Direction direction) {
    return direction == Direction.REQUESTS ? requests : answers;
  }

  void change(Direction direction, UnaryOperator<Line> change) {
    pipe(direction).change(change);
  }

  /** Delays each piece of this direction by this time, counted from its arrival. */
  public void delay(Direction direction, Duration each) {
    change(direction, line -> line.withDelay(each.toNanos()));
  }

  /** Stops passing pieces on in this direction. Pieces that arrive are queued. */
  public void stop(Direction direction) {
    change(direction, line -> line.withStopped(true));
  }

  /** Resumes both directions. Queued pieces are passed on first. */
  public void resume() {
    for (Direction direction : Direction.values()) {
      change(direction, line -> line.withStopped(false));
    }
  }

  /**
   * Drops all queued and all later pieces of this direction. The end of the sender is not passed on
   * to the receiver. This cannot be undone for this connection.
   */
  public void lose(Direction direction) {
    pipe(direction).lose();
  }

  /**
   * Resets only the client's side. The server's side stays open, and the server still receives
   * queued pieces.
   */
  public void cutClient() {
    requests.keepEndsBack();
    reset(client);
  }

  /** Resets only the server's side. The client's side stays open. */
  public void cutServer() {
    answers.keepEndsBack();
    reset(server);
  }

  /** Resets both sides at once. Queued pieces are lost. */
  public void cut() {
    end(RelayedConnection::reset);
  }

  private void end(Consumer<Socket> how) {
    List<Thread> running;
    synchronized (this) {
      closed = true;
      running = List.copyOf(threads);
    }
    requests.close();
    answers.close();
    how.accept(client);
    how.accept(server);
    // The interrupt also ends a hold that blocks.
    running.stream().filter(t -> t != Thread.currentThread()).forEach(Thread::interrupt);
    gone.accept(this);
  }

  /** Returns how many bytes are queued or held in this direction. */
  public long waiting(Direction direction) {
    return pipe(direction).waiting();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void reset(Socket socket) {
    try {
      Pipe.reset(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
