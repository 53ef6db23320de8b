// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.relay;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Holds the pieces that match a condition, and everything after them on the same connection, until
 * a test opens the gate. A test uses it to deliver a request late: it calls {@link
 * Relay#cutClients}, which ends the client's side while the piece is held. The server receives the
 * piece when the gate opens. Thread-safe.
 */
public final class RelayGate implements Hold, AutoCloseable {

  private static final int PATIENCE_SECONDS = 60;

  private final String what;
  private final Predicate<String> held;
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch opened = new CountDownLatch(1);

  private RelayGate(String what, Predicate<String> held) {
    this.what = what;
    this.held = held;
  }

  /** Returns a gate that holds each piece that contains this text, as ISO 8859-1. */
  public static RelayGate holding(String text) {
    return new RelayGate(text, piece -> piece.contains(text));
  }

  /**
   * Returns a gate that holds each piece whose bytes, as ISO 8859-1, match the condition.
   *
   * @param what describes the condition in messages
   */
  public static RelayGate holding(String what, Predicate<String> condition) {
    return new RelayGate(what, condition);
  }

  @Override
  public long nanos(byte[] piece, int length) {
    if (held.test(new String(piece, 0, length, StandardCharsets.ISO_8859_1))) {
      reached.countDown();
      try {
        opened.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return 0;
  }

  /** Returns whether the gate has held a piece so far. */
  public boolean hasHeld() {
    return reached.getCount() == 0;
  }

  /**
   * Waits until a piece is held.
   *
   * @throws AssertionError if no piece is held within a minute
   */
  public void awaitHeld() throws InterruptedException {
    if (!reached.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError(
          "No piece was held within a minute; the gate holds those with " + what);
    }
  }

  /** Opens the gate for good. Held pieces are passed on first. */
  public void open() {
    opened.countDown();
  }

  /** Opens the gate. */
  @Override
  public void close() {
    open();
  }
}
