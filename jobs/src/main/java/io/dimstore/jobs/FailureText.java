// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs;

import io.dimstore.spi.StoreException;

/** Formats failures for people. */
public final class FailureText {

  private static final int MAX_CAUSES = 50;

  private FailureText() {}

  /**
   * Returns the most specific line of a failure: the message of the store or the job, if one of
   * them caused it, otherwise that of the innermost cause. Outer messages of Flink are omitted,
   * because they list all table options.
   */
  public static String inOneLine(Throwable failure) {
    Throwable inner = failure;
    for (int i = 0; i < MAX_CAUSES && inner.getCause() != null; i++) {
      if (inner instanceof StoreException || inner instanceof JobException) {
        break;
      }
      inner = inner.getCause();
    }
    String message = inner.getMessage();
    if (message == null || message.isBlank()) {
      return inner.getClass().getSimpleName();
    }
    String text = inner instanceof StoreException e ? e.kind() + ": " + message : message;
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
