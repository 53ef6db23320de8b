package io.dimstore.dynamodb;

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

/** The names under which an attempt that failed is counted. */
final class FailedAttempt {

  static final String THROTTLED = "throttled";

  /** A partition's own limit was reached: some of its keys are hot. */
  static final String THROTTLED_PARTITION = "throttled-partition";

  private FailedAttempt() {}

  /**
   * {@code throttled}, and beside it what was exhausted where the service says so ({@code
   * throttled-partition}, {@code throttled-table}, {@code throttled-index}, {@code
   * throttled-account}); for other failures {@code failed-} and their kind; nothing for a condition
   * that did not hold, which is an answer.
   */
  static Set<String> reasons(Throwable failure) {
    if (failure instanceof ConditionalCheckFailedException) {
      return Set.of();
    }
    Kind kind = Failures.of(failure, "").kind();
    if (kind != Kind.THROTTLED) {
      return Set.of("failed-" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    Set<String> reasons = new LinkedHashSet<>();
    reasons.add(THROTTLED);
    for (ThrottlingReason said : said(failure)) {
      String reason = said.reason();
      if (reason != null) {
        reasons.add(THROTTLED + '-' + exhausted(reason));
      }
    }
    return reasons;
  }

  private static List<ThrottlingReason> said(Throwable failure) {
    if (failure instanceof ProvisionedThroughputExceededException e) {
      return e.throttlingReasons();
    }
    if (failure instanceof ThrottlingException e) {
      return e.throttlingReasons();
    }
    return failure instanceof RequestLimitExceededException e ? e.throttlingReasons() : List.of();
  }

  /** For instance TableReadKeyRangeThroughputExceeded: the resource, the operation, the limit. */
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
