// SPDX-License-Identifier: Apache-2.0
package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.stack.DynamoDbEndpoint;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.tck.faults.CallFault;
import io.dimstore.tck.faults.FaultyStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Uses the store dynamodb on a local server, and then makes it fail. */
class UserLevelsTest {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  @Test
  void newestVersionIsFound() {
    try (DimensionStore store = open()) {
      UserLevels levels = new UserLevels(store);
      await(levels.create());

      await(levels.set(Map.of("u1", 3, "u2", 4), 2));
      await(levels.set(Map.of("u1", 9), 1));

      assertEquals(7, await(levels.sum(List.of("u1", "u2", "nobody"))));
    }
  }

  @Test
  void failureReachesTheCaller() {
    try (FaultyStore store = new FaultyStore(open(), 42)) {
      UserLevels levels = new UserLevels(store);
      await(levels.create());
      store.injectNext(
          FaultyStore.Call.GET, new CallFault.Fail(StoreException.Kind.UNAVAILABLE), 1);

      CompletionException failure =
          assertThrows(CompletionException.class, () -> await(levels.sum(List.of("u3"))));

      assertEquals(StoreException.Kind.UNAVAILABLE, StoreException.find(failure).kind());
      assertEquals(0, await(levels.sum(List.of("u3"))));
    }
  }

  private static DimensionStore open() {
    DynamoDbEndpoint server = stack.dynamoDb();
    return DimensionStores.open(
        "dynamodb",
        Map.of(
            "endpoint", server.address(),
            "region", server.region(),
            "access-key", server.accessKeyId(),
            "secret-key", server.secretAccessKey(),
            "deadline", "60 s"),
        StoreMetrics.NONE,
        InstantSource.system());
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
