package io.dimstore.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.interleavings.Interleavings;
import io.dimstore.interleavings.PlantedRace;
import java.lang.invoke.MethodHandles;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Small concurrent classes under many interleavings, and each with a race that has to be found. */
class InterleavingsTest {

  static Stream<Runnable> scenarios() {
    return Stream.of(new AdmissionScenario());
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void everyInterleavingIsRight(Runnable scenario) {
    Interleavings.check(scenario);
  }

  static Stream<Arguments> plantedRaces() {
    return Stream.of(
        Arguments.of(
            AdmissionScenario.class,
            new PlantedRace(
                "CountingWithoutComparing",
                Admission.class,
                "pending\\.compareAndSet\\(before, before \\+ keys\\)",
                "pending.getAndSet(before + keys) > -9")));
  }

  @ParameterizedTest
  @MethodSource("plantedRaces")
  void aPlantedRaceIsFound(Class<? extends Runnable> scenario, PlantedRace race) {
    assertThat(Interleavings.failure(race.against(scenario, MethodHandles.lookup())))
        .as("the interleaving that breaks %s", race.name())
        .hasValueSatisfying(text -> assertThat(text).contains("Concurrent test failed"));
  }
}
