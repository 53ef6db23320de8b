// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A class whose listing {@link PublicApiTest} knows. */
public abstract class ListedApi<T extends Comparable<T>> implements Runnable {

  public static final int MOST = 3;

  static final int SECRET = 4;

  protected ListedApi(int size) {}

  ListedApi() {}

  protected abstract List<? extends T> open(String[] names) throws IOException;

  void hidden() {}

  @Override
  public String toString() {
    return "listed";
  }

  /** An enum. */
  public enum Kind {
    ONE
  }

  /** A record. */
  public record Pair(String left, long right) {}

  /** An interface. */
  public interface Port extends AutoCloseable {
    Map<String, byte[]> read();

    default int size() {
      return 0;
    }
  }

  static final class Hidden {
    public void unreachable() {}
  }
}
