package io.dimstore.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.memory.MemoryStores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The kit must find what is wrong with a store, and name the rule that it breaks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrokenStoresTest {

  private static final String INSTANCE = "broken";

  private final CountDownLatch end = new CountDownLatch(1);

  Stream<Broken> broken() {
    return Stream.of(
            BrokenReads.all(),
            BrokenWrites.all(),
            BrokenEnds.all(),
            BrokenScans.all(),
            BrokenValues.all(),
            BrokenFeeds.all(),
            BrokenCopies.all(),
            BrokenCalls.all(end))
        .flatMap(List::stream);
  }

  @AfterAll
  void endWhatWasLeftBehind() {
    end.countDown();
  }

  @Test
  void everyRuleHasAStoreThatBreaksIt() {
    assertThat(broken().map(Broken::rule).distinct())
        .containsExactlyInAnyOrderElementsOf(rules().toList());
  }

  @ParameterizedTest
  @MethodSource("broken")
  void theKitNamesTheRuleThatIsBroken(Broken broken) {
    List<String> failed = failuresOf(broken.harness(INSTANCE), broken.rule());
    assertThat(failed)
        .as("tests failed by a store that breaks " + broken)
        .isNotEmpty()
        .allMatch(name -> name.matches(broken.rule().toLowerCase(Locale.ROOT) + "[A-Z].*"));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aSoundStoreBreaksNone(String rule) {
    Broken none = Broken.tables(rule, "nothing", (table, clock) -> table);
    assertThat(failuresOf(none.harness(INSTANCE), rule)).isEmpty();
  }

  static Stream<String> rules() {
    return Stream.of(numbered("R", 14), numbered("F", 5), numbered("M", 4)).flatMap(some -> some);
  }

  private static Stream<String> numbered(String letter, int last) {
    return IntStream.rangeClosed(1, last).mapToObj(number -> letter + number);
  }

  /** Runs the groups of one rule and returns the names of the test methods that failed. */
  private static List<String> failuresOf(StoreHarness harness, String rule) {
    BrokenStoreCase.HARNESS.set(harness);
    try {
      SummaryGeneratingListener summary = new SummaryGeneratingListener();
      LauncherFactory.create().execute(groupsOf(rule), summary);
      assertThat(summary.getSummary().getTestsFoundCount()).as("tests run").isPositive();
      List<String> failed = new ArrayList<>();
      for (TestExecutionSummary.Failure failure : summary.getSummary().getFailures()) {
        failed.add(methodOf(failure));
      }
      return failed;
    } finally {
      MemoryStores.clear(INSTANCE);
    }
  }

  private static String methodOf(TestExecutionSummary.Failure failure) {
    return failure
        .getTestIdentifier()
        .getSource()
        .map(
            source ->
                source instanceof org.junit.platform.engine.support.descriptor.MethodSource method
                    ? method.getMethodName()
                    : source.toString())
        .orElse("?");
  }

  private static LauncherDiscoveryRequest groupsOf(String rule) {
    return LauncherDiscoveryRequestBuilder.request()
        .selectors(
            Arrays.stream(DimensionStoreTck.class.getDeclaredClasses())
                .filter(group -> group.getSimpleName().matches(rule + "[A-Z].*"))
                .map(
                    group ->
                        DiscoverySelectors.selectNestedClass(List.of(BrokenStoreCase.class), group))
                .toList())
        .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
        .build();
  }
}
