// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.StoreException;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Asserts that a call fails. */
public final class Failing {

  private Failing() {}

  public static void with(CompletionStage<?> stage, StoreException.Kind kind, String... words) {
    with(stage, Set.of(kind), words);
  }

  /**
   * Asserts that a call fails with one of these kinds. Which one may depend on what the client
   * detects first.
   */
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
