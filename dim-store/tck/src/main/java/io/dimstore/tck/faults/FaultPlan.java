// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.faults;

import io.dimstore.spi.StoreException;
import io.dimstore.tck.faults.FaultyStore.Call;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Decides which calls meet a fault, and executes the faults. Thread-safe. */
final class FaultPlan {

  private final Random random;
  private final Map<Call, List<Injected>> injected = new EnumMap<>(Call.class);
  private final Map<Call, Integer> faults = new EnumMap<>(Call.class);
  private final Map<Call, List<CompletableFuture<Void>>> held = new EnumMap<>(Call.class);

  FaultPlan(long seed) {
    this.random = new Random(seed);
  }

  synchronized void inject(Call call, CallFault fault, double share, int times) {
    injected.computeIfAbsent(call, c -> new ArrayList<>()).add(new Injected(fault, share, times));
  }

  void heal() {
    List<CompletableFuture<Void>> released = new ArrayList<>();
    synchronized (this) {
      injected.clear();
      held.values().forEach(released::addAll);
      held.clear();
    }
    released.forEach(gate -> gate.complete(null));
  }

  synchronized int faults(Call call) {
    return faults.getOrDefault(call, 0);
  }

  <T extends @Nullable Object> CompletionStage<T> run(
      Call call, Supplier<CompletionStage<T>> action) {
    return run(call, action, null);
  }

  /**
   * Executes a call, with a fault if one is drawn for it.
   *
   * @param half executes half of the call, or null if the call cannot be halved
   */
  <T extends @Nullable Object> CompletionStage<T> run(
      Call call, Supplier<CompletionStage<T>> action, @Nullable Supplier<CompletionStage<T>> half) {
    CallFault fault = draw(call);
    if (fault instanceof CallFault.LetOvertake) {
      return hold(call).thenCompose(ignored -> action.get());
    }
    CompletionStage<T> stage;
    if (fault == null) {
      stage = action.get();
    } else if (fault instanceof CallFault.Fail fail) {
      stage = CompletableFuture.failedFuture(failure(call, fail.kind()));
    } else if (fault instanceof CallFault.LoseAnswer lost) {
      stage = action.get().thenCompose(v -> failed(call, lost.kind()));
    } else if (fault instanceof CallFault.ApplyHalf applied) {
      stage =
          half == null
              ? failed(call, applied.kind())
              : half.get().thenCompose(v -> failed(call, applied.kind()));
    } else if (fault instanceof CallFault.DelayAnswer delay) {
      stage = later(action.get(), delay.by().toNanos());
    } else {
      long nanos = ((CallFault.DelayRequest) fault).by().toNanos();
      stage = CompletableFuture.runAsync(() -> {}, after(nanos)).thenCompose(v -> action.get());
    }
    return stage.whenComplete((value, failure) -> release(call));
  }

  private synchronized @Nullable CallFault draw(Call call) {
    for (Injected candidate : injected.getOrDefault(call, List.of())) {
      if (candidate.left > 0 && random.nextDouble() < candidate.share) {
        if (candidate.left != Integer.MAX_VALUE) {
          candidate.left--;
        }
        faults.merge(call, 1, Integer::sum);
        return candidate.fault;
      }
    }
    return null;
  }

  private synchronized CompletionStage<Void> hold(Call call) {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    held.computeIfAbsent(call, c -> new ArrayList<>()).add(gate);
    return gate;
  }

  private void release(Call call) {
    List<CompletableFuture<Void>> gates;
    synchronized (this) {
      gates = held.remove(call);
    }
    if (gates != null) {
      gates.forEach(gate -> gate.complete(null));
    }
  }

  private static <T extends @Nullable Object> CompletionStage<T> later(
      CompletionStage<T> stage, long nanos) {
    CompletableFuture<T> delayed = new CompletableFuture<>();
    stage.whenComplete(
        (value, failure) ->
            after(nanos)
                .execute(
                    () -> {
                      if (failure == null) {
                        delayed.complete(value);
                      } else {
                        delayed.completeExceptionally(failure);
                      }
                    }));
    return delayed;
  }

  private static Executor after(long nanos) {
    return CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS);
  }

  private static <T extends @Nullable Object> CompletionStage<T> failed(
      Call call, StoreException.Kind kind) {
    return CompletableFuture.failedFuture(failure(call, kind));
  }

  private static StoreException failure(Call call, StoreException.Kind kind) {
    return new StoreException(kind, "Injected into " + call);
  }

  /** A fault, the share of calls that meet it, and the number of times that are left. */
  private static final class Injected {

    private final CallFault fault;
    private final double share;
    private int left;

    Injected(CallFault fault, double share, int left) {
      this.fault = fault;
      this.share = share;
      this.left = left;
    }
  }
}
