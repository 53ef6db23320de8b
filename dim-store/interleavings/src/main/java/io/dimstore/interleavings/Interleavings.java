package io.dimstore.interleavings;

import java.util.Optional;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;

/** Runs scenarios under interleavings that a model checker chooses. */
public final class Interleavings {

  /**
   * How many interleavings a class has to bear. The planted races are found within this number, and
   * more cost seconds each: {@code -Ddimstore.interleavings=10000} checks longer.
   */
  public static final int ENOUGH = Integer.getInteger("dimstore.interleavings", 100);

  private Interleavings() {}

  /**
   * Runs a scenario under {@link #ENOUGH} interleavings.
   *
   * @param scenario starts its threads by {@link Threads#run}, is the same each time, and throws
   *     where something is wrong; a deadlock is found, too
   * @throws AssertionError with the interleaving that leads to the error
   */
  public static void check(Runnable scenario) {
    Optional<String> found = failure(scenario);
    if (found.isPresent()) {
      throw new AssertionError(found.get());
    }
  }

  /** Returns the interleaving under which the scenario fails, if there is one. */
  public static Optional<String> failure(Runnable scenario) {
    try {
      Lincheck.runConcurrentTest(ENOUGH, scenario);
      return Optional.empty();
    } catch (LincheckAssertionError e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
