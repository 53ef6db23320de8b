package io.dimstore.dynamodb;

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
    return Stream.of(new InFlightScenario(), new KeyLanesScenario(), new UnitBucketScenario());
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void everyInterleavingIsRight(Runnable scenario) {
    Interleavings.check(scenario);
  }

  static Stream<Arguments> plantedRaces() {
    return Stream.of(
        Arguments.of(
            InFlightScenario.class,
            new PlantedRace(
                "WithoutLookingAgain",
                InFlight.class,
                "if \\(waiting\\.isEmpty\\(\\) \\|\\| !acquire\\(\\)\\)",
                "if (true)")),
        Arguments.of(
            InFlightScenario.class,
            new PlantedRace(
                "TakingRoomWithoutComparing",
                InFlight.class,
                "free\\.compareAndSet\\(left, left - 1\\)",
                "free.getAndSet(left - 1) > -9")),
        Arguments.of(
            KeyLanesScenario.class,
            new PlantedRace(
                "WithUnguardedMap",
                KeyLanes.class,
                "new ConcurrentHashMap<>\\(\\)",
                "new java.util.HashMap<>()")),
        Arguments.of(
            UnitBucketScenario.class,
            new PlantedRace(
                "ReservingWithoutLock",
                UnitBucket.class,
                "go = new CompletableFuture<>\\(\\);\\s+synchronized \\(this\\)",
                "go = new CompletableFuture<>(); synchronized (new Object())")));
  }

  @ParameterizedTest
  @MethodSource("plantedRaces")
  void aPlantedRaceIsFound(Class<? extends Runnable> scenario, PlantedRace race) {
    assertThat(Interleavings.failure(race.against(scenario, MethodHandles.lookup())))
        .as("the interleaving that breaks %s", race.name())
        .hasValueSatisfying(text -> assertThat(text).contains("Concurrent test failed"));
  }
}
