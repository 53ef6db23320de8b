package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.StoreException;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Expects a call to fail. */
final class Failing {

  private Failing() {}

  static void with(CompletionStage<?> stage, StoreException.Kind kind, String... words) {
    with(stage, Set.of(kind), words);
  }

  /** As the one or the other kind, which may depend on what the client hears first. */
  static void with(CompletionStage<?> stage, Set<StoreException.Kind> kinds, String... words) {
    try {
      Object answer = stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
      throw new AssertionError("It answered " + answer);
    } catch (ExecutionException e) {
      StoreException known = StoreException.find(e);
      assertThat(known).isNotNull();
      assertThat(known).hasMessageContainingAll(words);
      assertThat(known.kind()).as(known.getMessage()).isIn(kinds);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
