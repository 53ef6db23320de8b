package io.dimstore.dynamodb;

import io.dimstore.spi.CommonOptions;
import io.dimstore.spi.StoreOption;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The options of the store, each declared once. */
final class DynamoDbOptions {

  static final StoreOption<String> REGION =
      StoreOption.text(
          "region",
          null,
          "The AWS region; where it is not set, what the AWS SDK finds (environment, profile,"
              + " instance). With an endpoint alone it is us-east-1.");

  static final StoreOption<String> ENDPOINT =
      StoreOption.text(
          "endpoint",
          null,
          "The URL of the service, for DynamoDB Local or a VPC endpoint; where it is not set, that"
              + " of the region.");

  static final StoreOption<String> PROFILE =
      StoreOption.text(
          "profile",
          null,
          "The profile of the AWS configuration files to take credentials and region from.");

  static final StoreOption<String> ACCESS_KEY =
      StoreOption.text(
          "access-key",
          null,
          "An access key id, together with 'secret-key'; where neither is set, the AWS SDK's default"
              + " provider chain.");

  static final StoreOption<String> SECRET_KEY =
      StoreOption.secret("secret-key", "The secret key that belongs to 'access-key'.");

  static final StoreOption<String> TABLE_PREFIX =
      StoreOption.text("table-prefix", "", "Put before the name of every table.");

  static final StoreOption<Boolean> CONSISTENT_READS =
      StoreOption.flag(
          "consistent-reads",
          true,
          "Whether reads see every write that succeeded before them. Without, a read costs half and"
              + " may be some milliseconds behind.");

  static final StoreOption<Integer> MAX_IN_FLIGHT =
      StoreOption.integer(
          "max-in-flight",
          64,
          1,
          10_000,
          "How many reading requests, and as many writing ones, may be under way at once; each has"
              + " a connection.");

  static final StoreOption<Duration> ATTEMPT_TIMEOUT =
      StoreOption.duration(
          "attempt-timeout",
          Duration.ofSeconds(3),
          "How long one attempt of a request may take, and how long it may wait for a connection.");

  static final StoreOption<Integer> MAX_ATTEMPTS =
      StoreOption.integer(
          "max-attempts",
          3,
          1,
          100,
          "How often a request that failed on the way, or was throttled, is sent in all, within"
              + " 'deadline'.");

  static final StoreOption<Duration> CREATE_TIMEOUT =
      StoreOption.duration(
          "create-timeout",
          Duration.ofMinutes(2),
          "How long to wait until a new table can be used.");

  /** What a write respects of what is stored. */
  enum WriteGuard {
    NEWEST_WINS,
    UNGUARDED_LAST_WRITE
  }

  static final StoreOption<WriteGuard> WRITE_GUARD =
      StoreOption.choice(
          "write-guard",
          WriteGuard.class,
          WriteGuard.NEWEST_WINS,
          "newest-wins: the service compares versions as it writes. unguarded-last-write:"
              + " BatchWriteItem, which cannot; whichever write arrives last stands, a late older"
              + " one undoes a newer one and brings deleted rows back. Only for tables with one"
              + " writer and no replay, such as a first load.");

  private static final List<StoreOption<?>> OWN =
      List.of(
          REGION,
          ENDPOINT,
          PROFILE,
          ACCESS_KEY,
          SECRET_KEY,
          TABLE_PREFIX,
          CONSISTENT_READS,
          MAX_IN_FLIGHT,
          ATTEMPT_TIMEOUT,
          MAX_ATTEMPTS,
          WRITE_GUARD,
          CREATE_TIMEOUT);

  private DynamoDbOptions() {}

  static Set<StoreOption<?>> all() {
    Set<StoreOption<?>> all = new LinkedHashSet<>(CommonOptions.all());
    all.addAll(OWN);
    return all;
  }
}
