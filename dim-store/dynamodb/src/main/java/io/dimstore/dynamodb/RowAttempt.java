package io.dimstore.dynamodb;

import io.dimstore.dynamodb.WriteStrategy.ItemWrite;
import io.dimstore.spi.Deadline;
import io.dimstore.spi.StoreException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One row on its way. Whoever holds it is alone with it: queues and futures hand it from thread to
 * thread.
 */
final class RowAttempt {

  private final ItemWrite write;
  private final Deadline deadline;
  private final CompletableFuture<Boolean> result = new CompletableFuture<>();
  private boolean asNew;
  private boolean otherWay;
  private int failures;
  private long turn;
  private @Nullable StoreException lastFailure;

  /**
   * @param asNew whether to try it first as a row that is not there yet
   */
  RowAttempt(ItemWrite write, Deadline deadline, boolean asNew) {
    this.write = write;
    this.deadline = deadline;
    this.asNew = asNew;
  }

  ItemWrite write() {
    return write;
  }

  Deadline deadline() {
    return deadline;
  }

  /** Whether the row was applied, or superseded. */
  CompletableFuture<Boolean> result() {
    return result;
  }

  boolean asNew() {
    return asNew;
  }

  /** Whether it is still what it was first taken for. */
  boolean isFirstWay() {
    return !otherWay;
  }

  /** From now on it is taken for the opposite; once. */
  void tryOtherWay() {
    asNew = !asNew;
    otherWay = true;
  }

  /** The turn of the write among those of its version, or {@link Turns#NONE}. */
  long turn() {
    return turn;
  }

  /** An attempt may still arrive: those that follow take a turn. */
  void mayArriveLate() {
    if (turn == Turns.NONE) {
      turn = Turns.first();
    }
  }

  /** Takes the turn after that of the stored item, if it has one at this version. */
  void goAfter(Map<String, AttributeValue> stored) {
    long next = Turns.after(stored, write.version());
    turn = next == Turns.NONE ? turn : next;
  }

  /** Notes a failure that passes with time, and says how many there were. */
  int failed(StoreException reason) {
    lastFailure = reason;
    return ++failures;
  }

  /** Ends the row with what it failed of last. */
  void giveUp() {
    result.completeExceptionally(
        lastFailure == null
            ? new StoreException(
                StoreException.Kind.TIMEOUT, "The deadline was over before the request left")
            : lastFailure);
  }
}
