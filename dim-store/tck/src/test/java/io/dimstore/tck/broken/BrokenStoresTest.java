// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.broken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.tck.DimensionStoreTck;
import io.dimstore.tck.WriteTck;
import io.dimstore.tck.harness.Clause;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.ConcurrentModificationException;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Tests that every clause has tests in the kit and a store that breaks only this clause. */
class BrokenStoresTest {

  private static Stream<Broken> broken() {
    return Stream.concat(
        BrokenDataTest.all().stream(), BrokenServiceTest.all(new CountDownLatch(0)).stream());
  }

  @Test
  void everyClauseHasAStoreThatBreaksItAlone() {
    Set<Clause> sharp =
        broken()
            .filter(Broken::isSharp)
            .map(Broken::clause)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Clause.class)));
    assertThat(sharp).containsExactlyInAnyOrder(Clause.values());
  }

  @Test
  void storeThatFailsOtherClausesHasAReason() {
    assertThat(broken().filter(broken -> !broken.isSharp()))
        .allMatch(broken -> !broken.because().isBlank())
        .allMatch(broken -> !broken.also().contains(broken.clause()));
  }

  @Test
  void everyClauseHasATestInTheGroupOfItsRule() {
    Map<Clause, Set<String>> tests = new EnumMap<>(Clause.class);
    List<Class<?>> groups = new ArrayList<>(List.of(WriteTck.class.getDeclaredClasses()));
    groups.addAll(List.of(DimensionStoreTck.class.getDeclaredClasses()));
    for (Class<?> group : groups) {
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
  void messageNamesEachUnexpectedlyFailedTestOnOneShortLine() {
    Broken broken = Broken.tables(Clause.R1A, "is slow", (table, clock) -> table);
    Map<String, Throwable> failed = new LinkedHashMap<>();
    failed.put("r1aIsExpected", new AssertionError("expected"));
    failed.put("r4bDiffers", new AssertionError("\nExpecting:\n  " + "row ".repeat(1_000)));
    failed.put(
        "r7aRaces", new AssertionError("On a thread", new ConcurrentModificationException()));
    assertThatThrownBy(() -> BrokenStores.assertNamesTheClause(broken, failed))
        .message()
        .hasSizeLessThan(600)
        .doesNotContain("r1aIsExpected")
        .containsPattern("r4bDiffers failed with .*Expecting: row .*\\.\\.\\.\\R")
        .containsPattern("r7aRaces failed with .*On a thread.*ConcurrentModificationException");
  }

  @Test
  void brokenStoreThatFailsNoTestIsReported() {
    Broken broken = Broken.tables(Clause.R1A, "is sound", (table, clock) -> table);
    assertThatThrownBy(() -> BrokenStores.assertNamesTheClause(broken, Map.of()))
        .hasMessageContaining("R1a: is sound");
  }

  @Test
  void correctStoreFailsNoTest() {
    Broken none = Broken.tables(Clause.R1A, "nothing", (table, clock) -> table);
    assertThat(BrokenStores.failuresOf(none)).isEmpty();
  }
}
