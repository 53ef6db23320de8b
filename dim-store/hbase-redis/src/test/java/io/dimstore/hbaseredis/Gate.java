package io.dimstore.hbaseredis;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Holds what is looked for, and what follows on that connection, until opened. */
final class Gate implements Relay.Hold, AutoCloseable {

  private final String what;
  private final Predicate<String> held;
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch opened = new CountDownLatch(1);

  private Gate(String what, Predicate<String> held) {
    this.what = what;
    this.held = held;
  }

  /** Holds what has a text in it. */
  static Gate holding(String text) {
    return new Gate(text, piece -> piece.contains(text));
  }

  /** Holds a piece that is this text and no more. */
  static Gate holdingExactly(String text) {
    return new Gate(text, piece -> piece.equals(text));
  }

  /** Holds calls of a script that name a key. */
  static Gate holding(Scripts script, String name) {
    return new Gate(
        script + " of " + name, piece -> piece.contains(name) && Relay.isCallOf(script, piece));
  }

  @Override
  public long nanos(byte[] piece, int length) {
    String text = new String(piece, 0, length, StandardCharsets.ISO_8859_1);
    if (held.test(text)) {
      reached.countDown();
      try {
        opened.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return 0;
  }

  /** Waits until something is held. */
  void awaitHeld() throws InterruptedException {
    if (!reached.await(60, TimeUnit.SECONDS)) {
      throw new AssertionError("Nothing came with " + what);
    }
  }

  void open() {
    opened.countDown();
  }

  @Override
  public void close() {
    open();
  }
}
