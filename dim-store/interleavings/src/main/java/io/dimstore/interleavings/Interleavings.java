package io.dimstore.interleavings;

import java.util.Optional;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;

/** Runs scenarios under interleavings that a model checker chooses. */
public final class Interleavings {

  /**
   * How many interleavings a class has to bear: {@code -Ddimstore.interleavings=10000} for more.
   */
  public static final int ENOUGH = Integer.getInteger("dimstore.interleavings", 600);

  /** How many are tried to find a planted race, which ends the search: the last took 300 to 600. */
  private static final int MOST = 10 * ENOUGH;

  private Interleavings() {}

  /**
   * Runs a scenario under {@link #ENOUGH} interleavings.
   *
   * @param scenario starts its threads by {@link Threads#run}, is the same each time, and throws
   *     where something is wrong; a deadlock is found, too
   * @throws AssertionError with the interleaving that leads to the error
   */
  public static void check(Runnable scenario) {
    Optional<String> found = failure(scenario, ENOUGH);
    if (found.isPresent()) {
      throw new AssertionError(found.get());
    }
  }

  /** Returns the interleaving under which the scenario fails, if there is one. */
  public static Optional<String> failure(Runnable scenario) {
    return failure(scenario, MOST);
  }

  private static Optional<String> failure(Runnable scenario, int interleavings) {
    try {
      Lincheck.runConcurrentTest(interleavings, scenario);
      return Optional.empty();
    } catch (LincheckAssertionError e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
