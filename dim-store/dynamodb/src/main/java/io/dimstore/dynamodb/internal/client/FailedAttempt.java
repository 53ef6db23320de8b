// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.client;

import io.dimstore.spi.StoreException.Kind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.RequestLimitExceededException;
import software.amazon.awssdk.services.dynamodb.model.ThrottlingException;
import software.amazon.awssdk.services.dynamodb.model.ThrottlingReason;

/** The names of the metrics that count failed attempts. */
public final class FailedAttempt {

  static final String THROTTLED = "throttled";

  /**
   * Counts attempts that exceeded the limit of a partition, which means that some of its keys are
   * hot.
   */
  public static final String THROTTLED_PARTITION = "throttled-partition";

  private FailedAttempt() {}

  /**
   * Returns the names to count a failure under. A throttled attempt counts as {@code throttled},
   * and also as {@code throttled-partition}, {@code throttled-table}, {@code throttled-index} or
   * {@code throttled-account} if the service names the exceeded limit. Other failures count as
   * {@code failed-} and their kind. The set is empty for a condition that did not hold, since that
   * is a valid response.
   */
  static Set<String> reasons(Throwable failure) {
    if (failure instanceof ConditionalCheckFailedException) {
      return Set.of();
    }
    Kind kind = Failures.of(failure, "").kind();
    if (kind != Kind.THROTTLED) {
      return Set.of(failed(kind));
    }
    Set<String> reasons = new LinkedHashSet<>();
    reasons.add(THROTTLED);
    for (ThrottlingReason throttling : throttlingReasons(failure)) {
      String reason = throttling.reason();
      if (reason != null) {
        reasons.add(THROTTLED + '-' + exhausted(reason));
      }
    }
    return reasons;
  }

  /** Returns all names under which failed attempts are counted. */
  public static Set<String> allReasons() {
    Set<String> all = new LinkedHashSet<>();
    all.add(THROTTLED);
    for (String limit : List.of("partition", "table", "index", "account")) {
      all.add(THROTTLED + '-' + limit);
    }
    for (Kind kind : Kind.values()) {
      if (kind != Kind.THROTTLED) {
        all.add(failed(kind));
      }
    }
    return all;
  }

  private static String failed(Kind kind) {
    return "failed-" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static List<ThrottlingReason> throttlingReasons(Throwable failure) {
    if (failure instanceof ProvisionedThroughputExceededException e) {
      return e.throttlingReasons();
    }
    if (failure instanceof ThrottlingException e) {
      return e.throttlingReasons();
    }
    return failure instanceof RequestLimitExceededException e ? e.throttlingReasons() : List.of();
  }

  /**
   * Returns the exceeded limit. A reason names resource, operation and limit, for instance {@code
   * TableReadKeyRangeThroughputExceeded}.
   */
  private static String exhausted(String reason) {
    if (reason.contains("KeyRange")) {
      return "partition";
    }
    if (reason.contains("AccountLimit")) {
      return "account";
    }
    return reason.startsWith("Index") ? "index" : "table";
  }
}
