// SPDX-License-Identifier: Apache-2.0
package io.dimstore.interleavings;

import java.util.Optional;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;

/** Runs scenarios under interleavings that a model checker chooses. */
public final class Interleavings {

  private static final int USUAL = 50;

  /**
   * The number of interleavings under which a class is checked; 50, or the value of {@code
   * -Ddimstore.interleavings}. More than 50 are the long form.
   */
  public static final int ENOUGH = Integer.getInteger("dimstore.interleavings", USUAL);

  /**
   * The most interleavings tried to find a planted race. The search ends when the race is found;
   * the races that take longest need 300 to 600 interleavings.
   */
  private static final int MOST = Math.max(6_000, 10 * ENOUGH);

  /** The title of Lincheck's report on a deadlock, and on an interleaving that ran out of time. */
  private static final String HUNG = "Concurrent test has hung";

  /** The part of the report on a deadlock or a livelock that the other report lacks. */
  private static final String ALL_WAIT = "All unfinished threads are in";

  /**
   * The most searches for a failure if Lincheck itself fails. While it writes its report, version
   * 3.7 may leave the bounds of a list ({@code TraceNodes.traceToTree}). It did so in the first
   * search of some processes, and not in the second.
   */
  private static final int TRIES = 5;

  private Interleavings() {}

  /** Returns whether this is the long form, which also searches for races that take minutes. */
  static boolean isLong() {
    return ENOUGH > USUAL;
  }

  /**
   * Runs a scenario under {@link #ENOUGH} interleavings.
   *
   * @param scenario starts its threads with {@link Threads#run}, does the same on each run, and
   *     throws if something is wrong; deadlocks are found too
   * @throws AssertionError if the scenario fails, with the interleaving that leads to the failure
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
    Optional<String> found = run(scenario, interleavings);
    return found.isPresent() && ranOutOfTime(found.get()) ? run(scenario, interleavings) : found;
  }

  /**
   * Returns whether the failure is that an interleaving took 30 seconds. On a busy machine the
   * first one of a process can take that long, because Lincheck instruments classes of the JDK
   * then. Therefore the scenario is run once more. A deadlock is a failure at once: few
   * interleavings may lead to it, and another run may miss them.
   */
  static boolean ranOutOfTime(String failure) {
    return failure.contains(HUNG) && !failure.contains(ALL_WAIT);
  }

  private static Optional<String> run(Runnable scenario, int interleavings) {
    return reported(() -> Lincheck.runConcurrentTest(interleavings, scenario));
  }

  /**
   * Returns the report of the failure that a search finds, if it finds one. A search is repeated if
   * Lincheck itself fails.
   *
   * @throws AssertionError if Lincheck failed in each search, or in one while another found nothing
   */
  static Optional<String> reported(Runnable search) {
    RuntimeException broken = null;
    for (int tries = 0; tries < TRIES; tries++) {
      try {
        search.run();
        break;
      } catch (LincheckAssertionError e) {
        return Optional.of(String.valueOf(e.getMessage()));
      } catch (RuntimeException e) {
        broken = e;
      }
    }
    if (broken != null) {
      throw new AssertionError(
          "Lincheck did not report the failure that it found: " + broken, broken);
    }
    return Optional.empty();
  }
}
