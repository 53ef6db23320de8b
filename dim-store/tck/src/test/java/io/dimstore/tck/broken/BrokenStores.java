// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.broken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.dimstore.memory.MemoryStores;
import io.dimstore.tck.harness.Clause;
import io.dimstore.tck.simulated.SimulatedHarness;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Tests that the kit detects broken stores. It runs the whole kit on each broken store, and checks
 * that only tests of the broken clause fail. Each subclass runs in its own process, because the kit
 * counts the threads and files of its process.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BrokenStores {

  private static final String INSTANCE = "broken";

  private static final int MOST_LETTERS = 200;

  private static final Launcher LAUNCHER = LauncherFactory.create();

  /** Returns the broken stores of this class. */
  abstract Stream<Broken> broken();

  @ParameterizedTest
  @MethodSource("broken")
  void onlyTestsOfTheBrokenClauseFail(Broken broken) {
    assertNamesTheClause(broken, failuresOf(broken));
  }

  /**
   * Asserts that the failed tests belong to the clauses that a store breaks, and that each of these
   * clauses has one. The message names each other test with the beginning of its failure.
   */
  static void assertNamesTheClause(Broken broken, Map<String, Throwable> failed) {
    Set<Clause> expected = EnumSet.of(broken.clause());
    expected.addAll(broken.also());
    Set<Clause> found = EnumSet.noneOf(Clause.class);
    List<String> others = new ArrayList<>();
    failed.forEach(
        (test, failure) -> {
          Clause clause = Clause.ofTest(test).orElse(null);
          if (clause != null && expected.contains(clause)) {
            found.add(clause);
          } else if (clause == null || !broken.perhaps().contains(clause)) {
            others.add(test + " failed with " + beginning(failure));
          }
        });
    if (!others.isEmpty()) {
      fail(
          "Tests of other clauses fail for the store '%s':%n  %s",
          broken, String.join(System.lineSeparator() + "  ", others));
    }
    assertThat(found)
        .as("clauses with failed tests for the store '%s'", broken)
        .isEqualTo(expected);
  }

  /** Returns the beginning of a failure and of its root cause, on one line. */
  private static String beginning(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root == failure
        ? shortened(failure)
        : shortened(failure) + ", caused by " + shortened(root);
  }

  private static String shortened(Throwable failure) {
    String line = failure.toString().strip().replaceAll("\\s+", " ");
    return line.length() <= MOST_LETTERS ? line : line.substring(0, MOST_LETTERS) + "...";
  }

  /** Runs the whole kit and returns the failures by the names of the test methods. */
  static Map<String, Throwable> failuresOf(Broken broken) {
    BrokenStoreCase.HARNESS.set(new SimulatedHarness(broken, INSTANCE));
    try {
      Failures failures = new Failures();
      LAUNCHER.execute(kit(), failures);
      assertThat(failures.run).as("tests run").isGreaterThan(Clause.values().length);
      return failures.byTest;
    } finally {
      MemoryStores.clear(INSTANCE);
    }
  }

  private static LauncherDiscoveryRequest kit() {
    return LauncherDiscoveryRequestBuilder.request()
        .selectors(DiscoverySelectors.selectClass(BrokenStoreCase.class))
        .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
        .build();
  }

  /** Collects failures by the name of the test method, or of the group if a group failed. */
  private static final class Failures implements TestExecutionListener {

    private final Map<String, Throwable> byTest = new LinkedHashMap<>();
    private int run;

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      run += test.isTest() ? 1 : 0;
      result
          .getThrowable()
          .ifPresent(
              failure ->
                  byTest.put(
                      test.getSource()
                          .map(
                              source ->
                                  source
                                          instanceof
                                          org.junit.platform.engine.support.descriptor.MethodSource
                                              method
                                      ? method.getMethodName()
                                      : source.toString())
                          .orElse(test.getDisplayName()),
                      failure));
    }
  }
}
