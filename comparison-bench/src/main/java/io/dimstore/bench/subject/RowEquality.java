// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.subject;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Checks that a subject and its baseline returned equal rows. */
public final class RowEquality {

  private RowEquality() {}

  /**
   * Compares the two lists element by element. A missing row counts as a difference.
   *
   * @param what the operation, for the message
   * @return the number of rows compared
   * @throws BenchException if a row differs or is missing; the message shows the first such row
   */
  public static int require(
      String what,
      List<? extends @Nullable Object> subject,
      List<? extends @Nullable Object> baseline) {
    if (subject.size() != baseline.size()) {
      throw new BenchException(
          what
              + ": the subject returned "
              + subject.size()
              + " rows and the baseline "
              + baseline.size());
    }
    for (int i = 0; i < subject.size(); i++) {
      if (subject.get(i) == null || !Objects.equals(subject.get(i), baseline.get(i))) {
        throw new BenchException(
            what
                + ": the subject returned "
                + subject.get(i)
                + " and the baseline "
                + baseline.get(i));
      }
    }
    return subject.size();
  }

  /**
   * Returns the rows.
   *
   * @param server what returned them, for the message
   * @throws BenchException if an element is null
   */
  public static <T> List<T> requirePresent(String server, List<? extends @Nullable T> rows) {
    for (T row : rows) {
      if (row == null) {
        throw new BenchException(server + " has no row for a key that was loaded");
      }
    }
    @SuppressWarnings("unchecked")
    List<T> present = (List<T>) rows;
    return present;
  }
}
