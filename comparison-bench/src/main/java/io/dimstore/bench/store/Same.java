package io.dimstore.bench.store;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compares what both sides gave. */
final class Same {

  private Same() {}

  /**
   * How many were compared.
   *
   * @throws BenchException naming the first that differs or is missing
   */
  static int check(
      String what, List<? extends @Nullable Object> store, List<? extends @Nullable Object> plain) {
    if (store.size() != plain.size()) {
      throw new BenchException(
          what + ": the store gave " + store.size() + " and the plain client " + plain.size());
    }
    for (int i = 0; i < store.size(); i++) {
      if (store.get(i) == null || !Objects.equals(store.get(i), plain.get(i))) {
        throw new BenchException(
            what + ": the store gave " + store.get(i) + " and the plain client " + plain.get(i));
      }
    }
    return store.size();
  }

  /** Fails unless every element is there. */
  static <T> List<T> present(String what, List<? extends @Nullable T> rows) {
    for (T row : rows) {
      if (row == null) {
        throw new BenchException(what + " did not answer a key that is there");
      }
    }
    @SuppressWarnings("unchecked")
    List<T> present = (List<T>) rows;
    return present;
  }
}
