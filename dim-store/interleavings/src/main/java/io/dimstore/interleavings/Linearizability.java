// SPDX-License-Identifier: Apache-2.0
package io.dimstore.interleavings;

import java.util.Optional;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * Checks by Lincheck's stress strategy that the operations of a class are linearizable: random
 * calls run on two real threads at once, and their results must be those of some order of the
 * calls. It is for classes whose model checking takes minutes. A race is found only if the two
 * threads happen to run into it. So tests also plant the races that matter, and require that they
 * are found.
 */
public final class Linearizability {

  private static final int SCENARIOS = Integer.getInteger("dimstore.stress", 10);
  private static final int RUNS = 1_000;

  /** A planted race is searched for in more scenarios; the search ends with the first failure. */
  private static final int MOST_SCENARIOS = 20 * SCENARIOS;

  private Linearizability() {}

  /**
   * Runs random calls on two threads, 1,000 times for each of 10 scenarios, or of {@code
   * -Ddimstore.stress}.
   *
   * @param operations a public class without constructor parameters; its methods with
   *     {@code @Operation} are called
   * @param specification a class with the same methods, which is called by one thread alone
   * @throws AssertionError if no order of the calls explains their results
   */
  public static void check(Class<?> operations, Class<?> specification) {
    Optional<String> violation = violation(operations, specification, SCENARIOS);
    if (violation.isPresent()) {
      throw new AssertionError(violation.get());
    }
  }

  /**
   * Searches for calls whose results no order explains. Returns a description of the first ones, or
   * empty if none are found.
   */
  public static Optional<String> violation(Class<?> operations, Class<?> specification) {
    return violation(operations, specification, MOST_SCENARIOS);
  }

  private static Optional<String> violation(
      Class<?> operations, Class<?> specification, int scenarios) {
    try {
      new StressOptions()
          .threads(2)
          .actorsBefore(2)
          .actorsPerThread(3)
          .actorsAfter(2)
          .iterations(scenarios)
          .invocationsPerIteration(RUNS)
          .minimizeFailedScenario(false)
          .sequentialSpecification(specification)
          .check(operations);
      return Optional.empty();
    } catch (LincheckAssertionError e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
