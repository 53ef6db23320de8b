package io.dimstore.hbaseredis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds what has all of these words in it, and what follows on that connection, until opened. */
final class Gate implements Relay.Hold, AutoCloseable {

  private final List<String> words;
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch opened = new CountDownLatch(1);

  private Gate(List<String> words) {
    this.words = words;
  }

  static Gate holding(String... words) {
    return new Gate(List.of(words));
  }

  /** Holds calls of a script that name a key. */
  static Gate holding(Scripts script, String name) {
    return holding(new String(script.sha(), StandardCharsets.ISO_8859_1), name);
  }

  @Override
  public long nanos(byte[] piece, int length) {
    String text = new String(piece, 0, length, StandardCharsets.ISO_8859_1);
    if (words.stream().allMatch(text::contains)) {
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
      throw new AssertionError("Nothing came with " + words);
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
