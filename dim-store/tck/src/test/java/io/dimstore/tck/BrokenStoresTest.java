package io.dimstore.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.memory.MemoryStores;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
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
 * The kit must find what is wrong with a store and name the clause that it breaks: the whole kit is
 * run on each broken store, and the tests of its clause alone fail.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrokenStoresTest {

  private static final String INSTANCE = "broken";

  /** Why every break of these clauses shows in others too. */
  private static final Map<Clause, String> NEVER_ALONE =
      new EnumMap<>(
          Map.of(
              Clause.R3A,
              "that the newer of two writes stands is what racing, repeated and late writes are"
                  + " tested for"));

  private static final Launcher LAUNCHER = LauncherFactory.create();

  private final CountDownLatch end = new CountDownLatch(1);

  Stream<Broken> broken() {
    return Stream.of(
            BrokenReads.all(),
            BrokenWrites.all(),
            BrokenEnds.all(),
            BrokenScans.all(),
            BrokenValues.all(),
            BrokenFailures.all(),
            BrokenBounds.all(end),
            BrokenFeeds.all(),
            BrokenCopies.all())
        .flatMap(List::stream);
  }

  @AfterAll
  void endWhatWasLeftBehind() {
    end.countDown();
  }

  @Test
  void everyClauseHasAStoreThatBreaksItAlone() {
    Set<Clause> sharp =
        broken()
            .filter(Broken::isSharp)
            .map(Broken::clause)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Clause.class)));
    sharp.addAll(NEVER_ALONE.keySet());
    assertThat(sharp).containsExactlyInAnyOrder(Clause.values());
    assertThat(broken().map(Broken::clause)).containsAll(NEVER_ALONE.keySet());
  }

  @Test
  void aBreakThatShowsInOtherClausesSaysWhy() {
    assertThat(broken().filter(broken -> !broken.isSharp()))
        .allMatch(broken -> !broken.because().isBlank())
        .allMatch(broken -> !broken.also().contains(broken.clause()));
  }

  @Test
  void everyClauseHasATestInTheGroupOfItsRule() {
    Map<Clause, Set<String>> tests = new EnumMap<>(Clause.class);
    for (Class<?> group : DimensionStoreTck.class.getDeclaredClasses()) {
      Arrays.stream(group.getSuperclass().getDeclaredMethods())
          .filter(method -> isTest(method))
          .forEach(
              method -> {
                Clause clause = Clause.ofTest(method.getName()).orElseThrow();
                assertThat(group.getSimpleName()).startsWith(clause.rule());
                tests.computeIfAbsent(clause, c -> new TreeSet<>()).add(method.getName());
              });
    }
    assertThat(tests).containsOnlyKeys(Clause.values());
  }

  private static boolean isTest(java.lang.reflect.Method method) {
    return method.isAnnotationPresent(Test.class)
        || method.isAnnotationPresent(ParameterizedTest.class);
  }

  @Test
  void aSoundStoreBreaksNone() {
    Broken none = Broken.tables(Clause.R1A, "nothing", (table, clock) -> table);
    assertThat(failuresOf(none)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("broken")
  void theKitNamesTheClauseThatIsBroken(Broken broken) {
    Map<String, Throwable> failed = failuresOf(broken);
    Set<Clause> clauses = EnumSet.noneOf(Clause.class);
    failed.keySet().forEach(name -> clauses.add(Clause.ofTest(name).orElseThrow()));
    clauses.removeAll(broken.perhaps());
    Set<Clause> expected = EnumSet.of(broken.clause());
    expected.addAll(broken.also());
    assertThat(clauses)
        .as("clauses whose tests a store fails that breaks %s; all failures: %s", broken, failed)
        .isEqualTo(expected);
  }

  /** Runs the whole kit and returns the failures by the names of the test methods. */
  private static Map<String, Throwable> failuresOf(Broken broken) {
    BrokenStoreCase.HARNESS.set(new PlayedHarness(broken, INSTANCE));
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

  /** What failed, by the name of the test method, or by the group where that failed. */
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
