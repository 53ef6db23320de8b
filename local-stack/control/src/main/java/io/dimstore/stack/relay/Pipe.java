// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.relay;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One direction of one connection. One thread reads pieces and records their arrival time. Another
 * thread passes them on in order. At most {@link #LIMIT} bytes and one more piece are queued
 * between the two. Beyond that the sender's socket blocks, as with a slow receiver.
 */
final class Pipe {

  static final int LIMIT = 4 << 20;

  /** Approximate time by which a thread wakes up too late. */
  private static final long OVERSHOOT_NANOS = 60_000;

  private final Socket from;
  private final Socket to;
  private final boolean carriesOut;
  private final Runnable ended;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Piece> queue = new ArrayDeque<>();
  private Line line;
  private long waiting;
  private boolean holding;
  private boolean lost;
  private boolean keepsEndsBack;
  private boolean closed;

  private enum Kind {
    DATA,
    END,
    RESET
  }

  private record Piece(Kind kind, byte[] bytes, long arrival) {

    static Piece of(Kind kind) {
      return new Piece(kind, new byte[0], System.nanoTime());
    }
  }

  /**
   * Creates a pipe whose sockets may still have to be connected.
   *
   * @param carriesOut whether pieces that are held when the sender ends are still passed on. If so,
   *     the receiver does not see that the sender has ended
   * @param ended called when the end was passed on to the receiver, or the receiver has itself
   *     ended
   */
  Pipe(Socket from, Socket to, Line line, boolean carriesOut, Runnable ended) {
    this.from = from;
    this.to = to;
    this.line = line;
    this.carriesOut = carriesOut;
    this.ended = ended;
  }

  /** Reads until the sender ends or its connection fails. */
  void read() {
    byte[] buffer = new byte[1 << 16];
    try {
      InputStream in = from.getInputStream();
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        arrive(new Piece(Kind.DATA, Arrays.copyOf(buffer, length), System.nanoTime()));
      }
      arrive(Piece.of(Kind.END));
    } catch (IOException e) {
      arrive(Piece.of(Kind.RESET));
    }
  }

  private void arrive(Piece piece) {
    lock.lock();
    try {
      while (waiting >= LIMIT && !lost && !closed) {
        changed.awaitUninterruptibly();
      }
      boolean isHeld = waiting > 0 && (line.stopped() || holding);
      if (piece.kind != Kind.DATA && isHeld && carriesOut) {
        keepsEndsBack = true;
      }
      if (!lost && (piece.kind == Kind.DATA || !keepsEndsBack)) {
        queue.add(piece);
        waiting += piece.bytes.length;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Passes pieces on until the pipe is closed or the receiver is reset. */
  void write(Pipe opposite) {
    try {
      for (Piece next = take(); next != null; next = take()) {
        switch (next.kind) {
          case DATA -> pass(next.bytes);
          case END -> {
            to.shutdownOutput();
            ended.run();
          }
          case RESET -> {
            reset(to);
            ended.run();
            return;
          }
        }
      }
    } catch (IOException e) {
      // The receiver has disconnected. The opposite pipe may have ended before, so it is notified
      // here.
      lose();
      opposite.arrive(Piece.of(Kind.RESET));
      ended.run();
    }
  }

  /** Waits until the next piece is due and returns it. Returns null if the pipe is closed. */
  private @Nullable Piece take() {
    while (true) {
      long left;
      lock.lock();
      try {
        while (!closed && (queue.isEmpty() || line.stopped())) {
          changed.awaitUninterruptibly();
        }
        if (closed) {
          return null;
        }
        left = queue.peek().arrival + line.delayNanos() - System.nanoTime();
        if (left <= 0) {
          // If the line holds nothing, the piece is passed on at once. An end that arrives now is
          // then passed on after it.
          holding = line.hold() != Hold.NONE;
          return queue.poll();
        }
        awaitFor(left - OVERSHOOT_NANOS);
      } finally {
        lock.unlock();
      }
      spin(left);
    }
  }

  private void pass(byte[] bytes) throws IOException {
    long end = System.nanoTime() + hold().nanos(bytes, bytes.length);
    boolean passes;
    lock.lock();
    try {
      for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
        if (closed || lost) {
          break;
        }
        awaitFor(Math.max(1, left - OVERSHOOT_NANOS));
      }
      while (line.stopped() && !closed && !lost) {
        changed.awaitUninterruptibly();
      }
      passes = !closed && !lost;
    } finally {
      lock.unlock();
    }
    try {
      if (passes) {
        to.getOutputStream().write(bytes);
      }
    } finally {
      passed(bytes.length);
    }
  }

  private Hold hold() {
    lock.lock();
    try {
      return line.hold();
    } finally {
      lock.unlock();
    }
  }

  private void passed(int length) {
    lock.lock();
    try {
      holding = false;
      waiting = lost ? 0 : waiting - length;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the state changes or the time has passed. Returns at once if {@code nanos <= 0}.
   */
  @SuppressWarnings("WaitNotInLoop") // The callers loop.
  private void awaitFor(long nanos) {
    try {
      changed.awaitNanos(nanos);
    } catch (InterruptedException e) {
      // Threads are interrupted only after the pipe was closed. The callers check for that.
    }
  }

  private void spin(long nanos) {
    if (nanos <= OVERSHOOT_NANOS) {
      for (long end = System.nanoTime() + nanos; System.nanoTime() < end; ) {
        Thread.onSpinWait();
      }
    }
  }

  void change(UnaryOperator<Line> change) {
    lock.lock();
    try {
      line = change.apply(line);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Drops all queued and all later pieces. */
  void lose() {
    lock.lock();
    try {
      lost = true;
      keepsEndsBack = true;
      queue.clear();
      waiting = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Stops telling the receiver that the sender has ended or failed. */
  void keepEndsBack() {
    lock.lock();
    try {
      keepsEndsBack = true;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the number of bytes that are queued or held. */
  long waiting() {
    lock.lock();
    try {
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      queue.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Closes a socket in such a way that its peer receives a reset. */
  static void reset(Socket socket) throws IOException {
    try {
      socket.setSoLinger(true, 0);
    } catch (SocketException e) {
      // The socket is already closed.
    }
    socket.close();
  }
}
