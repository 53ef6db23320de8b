// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.options;

import io.dimstore.spi.StoreOption;
import io.dimstore.spi.support.CommonOptions;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The options of the store, each declared once. */
public final class DynamoDbOptions {

  /** The id of this store. */
  public static final String STORE_ID = "dynamodb";

  public static final StoreOption<String> REGION =
      StoreOption.text(
          "region",
          null,
          "The AWS region. By default the one that the AWS SDK finds (environment, profile,"
              + " instance), or us-east-1 if 'endpoint' is set.");

  public static final StoreOption<String> ENDPOINT =
      StoreOption.text(
          "endpoint",
          null,
          "The URL of the service, for a local server or a VPC endpoint; by default that of the"
              + " region.");

  public static final StoreOption<String> PROFILE =
      StoreOption.text(
          "profile",
          null,
          "The profile of the AWS configuration files to take credentials and region from.");

  public static final StoreOption<String> ACCESS_KEY =
      StoreOption.text(
          "access-key",
          null,
          "An access key id, to be set together with 'secret-key'. By default the AWS SDK's default"
              + " provider chain finds credentials.");

  public static final StoreOption<String> SECRET_KEY =
      StoreOption.secret("secret-key", "The secret key that belongs to 'access-key'.");

  public static final StoreOption<String> SESSION_TOKEN =
      StoreOption.secret("session-token", "The session token, if 'access-key' is temporary.");

  public static final StoreOption<String> PROFILE_FILE =
      StoreOption.text(
          "profile-file",
          null,
          "A file with profiles, to use instead of the AWS configuration files; read when the store"
              + " opens.");

  public static final StoreOption<String> ROLE_ARN =
      StoreOption.text(
          "role-arn",
          null,
          "The role to assume, with the credentials of the other options or with"
              + " 'web-identity-token-file'. Its credentials are renewed 5 minutes before they"
              + " expire.");

  public static final StoreOption<String> ROLE_SESSION_NAME =
      StoreOption.text(
          "role-session-name", "dimstore", "The name of the session in which a role is assumed.");

  public static final StoreOption<String> ROLE_EXTERNAL_ID =
      StoreOption.text(
          "role-external-id", null, "The external id that the role's trust policy requires.");

  public static final StoreOption<String> WEB_IDENTITY_TOKEN_FILE =
      StoreOption.text(
          "web-identity-token-file",
          null,
          "A file with the web identity token (OIDC) to assume 'role-arn' with; read again for each"
              + " renewal.");

  public static final StoreOption<String> STS_ENDPOINT =
      StoreOption.text(
          "sts-endpoint",
          null,
          "The URL of STS, for a VPC endpoint; by default that of the region.");

  public static final StoreOption<String> PROXY =
      StoreOption.text(
          "proxy",
          null,
          "The HTTP proxy for the service and STS, such as http://proxy.internal:3128; by default"
              + " the one of the JVM's properties or the environment.");

  public static final StoreOption<String> PROXY_USER =
      StoreOption.text("proxy-user", null, "The user for 'proxy'.");

  public static final StoreOption<String> PROXY_PASSWORD =
      StoreOption.secret("proxy-password", "The password for 'proxy'.");

  public static final StoreOption<String> TABLE_PREFIX =
      StoreOption.text("table-prefix", "", "A prefix of the names of all tables in DynamoDB.");

  public static final StoreOption<String> CONTROL_TABLE =
      StoreOption.text(
          "control-table",
          "dimstore-control",
          "The table of shared records, such as the state of a migration; 'table-prefix' precedes"
              + " its name. It is created when the first record is written.");

  public static final StoreOption<Boolean> CONSISTENT_READS =
      StoreOption.flag(
          "consistent-reads",
          true,
          "Whether reads are strongly consistent: they see every write that succeeded before them."
              + " With 'false', a read costs half and may miss writes of the last moments.");

  public static final StoreOption<Integer> MAX_IN_FLIGHT =
      StoreOption.integer(
          "max-in-flight",
          64,
          1,
          10_000,
          "The most read requests in flight at once, and also the most write requests. Each uses a"
              + " connection.");

  public static final StoreOption<Duration> ATTEMPT_TIMEOUT =
      StoreOption.duration(
          "attempt-timeout",
          Duration.ofSeconds(3),
          "How long one attempt of a request may take, and how long it may wait for a connection.");

  public static final StoreOption<Integer> MAX_ATTEMPTS =
      StoreOption.integer(
          "max-attempts",
          3,
          1,
          100,
          "The most attempts of a request, the first one included, within 'deadline'. A throttled"
              + " request is retried with backoff until 'deadline', without this limit.");

  public static final StoreOption<Integer> READ_UNITS_PER_SECOND =
      StoreOption.integer(
          "read.units-per-second",
          null,
          1,
          Integer.MAX_VALUE,
          "The limit of read units per second that lookups and scans consume of each table. In a"
              + " job it applies to each operator, over all of its subtasks. If a request consumes"
              + " more, the next ones wait for the excess. By default there is no limit.");

  public static final StoreOption<Integer> WRITE_UNITS_PER_SECOND =
      StoreOption.integer(
          "write.units-per-second",
          null,
          1,
          Integer.MAX_VALUE,
          "The limit of write units per second that writes consume of each table; otherwise like"
              + " 'read.units-per-second'.");

  public static final StoreOption<Boolean> HOT_KEYS =
      StoreOption.flag(
          "hot-keys",
          false,
          "Whether the keys with the most requested units are reported in the metrics, and in the"
              + " log when a partition is throttled. Keys may be personal data: with 'false' only"
              + " the share of the hottest one is reported.");

  public static final StoreOption<Duration> CREATE_TIMEOUT =
      StoreOption.duration(
          "create-timeout",
          Duration.ofMinutes(2),
          "How long to wait until a new table can be used.");

  static final StoreOption<Integer> CREATE_READ_UNITS =
      StoreOption.integer(
          "create.read-units",
          null,
          1,
          Integer.MAX_VALUE,
          "The provisioned read capacity of new tables, to be set together with"
              + " 'create.write-units'. By default tables are on demand.");

  static final StoreOption<Integer> CREATE_WRITE_UNITS =
      StoreOption.integer(
          "create.write-units",
          null,
          1,
          Integer.MAX_VALUE,
          "The provisioned write capacity of new tables, to be set together with"
              + " 'create.read-units'.");

  static final StoreOption<Boolean> CREATE_DELETION_PROTECTION =
      StoreOption.flag(
          "create.deletion-protection", false, "Whether new tables have deletion protection.");

  static final StoreOption<String> CREATE_KMS_KEY =
      StoreOption.text(
          "create.kms-key",
          null,
          "The KMS key (id, ARN or alias) that encrypts new tables; by default a key that AWS"
              + " owns.");

  static final StoreOption<Creation.StorageClass> CREATE_TABLE_CLASS =
      StoreOption.choice(
          "create.table-class",
          Creation.StorageClass.class,
          Creation.StorageClass.STANDARD,
          "The table class of new tables: with 'standard-infrequent-access', storage costs less and"
              + " each unit more.");

  static final StoreOption<String> CREATE_TAG =
      StoreOption.text(
          "create.tag.", null, "A tag of new tables, for instance 'create.tag.team' = 'risk'.");

  /** The condition under which a write replaces a stored item. */
  public enum WriteGuard {
    NEWEST_WINS,
    UNGUARDED_LAST_WRITE
  }

  public static final StoreOption<WriteGuard> WRITE_GUARD =
      StoreOption.choice(
          "write-guard",
          WriteGuard.class,
          WriteGuard.NEWEST_WINS,
          "newest-wins: the service compares versions when it writes. unguarded-last-write:"
              + " BatchWriteItem, which has no conditions: the last write to arrive wins, so a late"
              + " older write overwrites a newer one and brings deleted rows back. This can happen"
              + " even with one writer that writes in order: an attempt that timed out may arrive"
              + " while its signature is valid (5 minutes, at most 15 by AWS's reference) and"
              + " overwrite a write that succeeded since. Use it only for tables whose keys are"
              + " written once, such as a first load.");

  public static final StoreOption<String> STREAMS_ENDPOINT =
      StoreOption.text(
          "streams-endpoint",
          null,
          "The URL of DynamoDB Streams, which change feeds are read from; by default 'endpoint' or,"
              + " without that, the one of the region.");

  public static final StoreOption<Boolean> CHANGE_FEED =
      StoreOption.flag(
              "change-feed",
              false,
              "Whether the table has a change feed: it is created with a stream of new and old"
                  + " images, and an existing table without such a stream is refused.")
          .perTable();

  public static final StoreOption<String> DAX_ENDPOINT =
      StoreOption.text(
          "dax.endpoint",
          null,
          "The URL of a DAX cluster (dax:// or daxs://) for lookups. Writes, scans and all other"
              + " requests bypass it, so its responses may be as old as its cache's time to live."
              + " Needs 'consistent-reads' = 'false' and amazon-dax-client on the class path.");

  public static final StoreOption<Duration> READ_CACHE_MAX_AGE =
      StoreOption.duration(
          "read-cache.max-age",
          null,
          "How long lookups of a row that was read, or was absent, are answered from memory. By"
              + " default there is no read cache. Needs 'consistent-reads' = 'false'.");

  public static final StoreOption<Integer> READ_CACHE_MEGABYTES =
      StoreOption.integer(
          "read-cache.megabytes",
          64,
          1,
          65_536,
          "The most memory that the read cache of a table uses, by its own estimate.");

  public static final StoreOption<Boolean> READ_CACHE_FOLLOW =
      StoreOption.flag(
          "read-cache.follow",
          false,
          "Whether the read cache follows the change feed of its table ('change-feed') and"
              + " invalidates changed entries before 'read-cache.max-age'. For at most two"
              + " processes, since the service allows no more readers of a stream.");

  public static final StoreOption<Duration> READ_CACHE_GAP_MAX_AGE =
      StoreOption.duration(
          "read-cache.gap-max-age",
          Duration.ofSeconds(10),
          "The maximum age of entries while the change feed cannot be followed or is behind by more"
              + " than 5 s, if it is shorter than 'read-cache.max-age'. Only with"
              + " 'read-cache.follow'. With 0 s, nothing is answered from memory during that"
              + " time.");

  private static final List<StoreOption<?>> OWN =
      List.of(
          REGION,
          ENDPOINT,
          PROFILE,
          ACCESS_KEY,
          SECRET_KEY,
          SESSION_TOKEN,
          PROFILE_FILE,
          ROLE_ARN,
          ROLE_SESSION_NAME,
          ROLE_EXTERNAL_ID,
          WEB_IDENTITY_TOKEN_FILE,
          STS_ENDPOINT,
          PROXY,
          PROXY_USER,
          PROXY_PASSWORD,
          TABLE_PREFIX,
          CONTROL_TABLE,
          CONSISTENT_READS,
          MAX_IN_FLIGHT,
          ATTEMPT_TIMEOUT,
          MAX_ATTEMPTS,
          WRITE_GUARD,
          CREATE_TIMEOUT,
          READ_UNITS_PER_SECOND,
          WRITE_UNITS_PER_SECOND,
          HOT_KEYS,
          CREATE_READ_UNITS,
          CREATE_WRITE_UNITS,
          CREATE_DELETION_PROTECTION,
          CREATE_KMS_KEY,
          CREATE_TABLE_CLASS,
          CREATE_TAG,
          STREAMS_ENDPOINT,
          CHANGE_FEED,
          DAX_ENDPOINT,
          READ_CACHE_MAX_AGE,
          READ_CACHE_MEGABYTES,
          READ_CACHE_FOLLOW,
          READ_CACHE_GAP_MAX_AGE);

  private DynamoDbOptions() {}

  public static Set<StoreOption<?>> all() {
    Set<StoreOption<?>> all = new LinkedHashSet<>(CommonOptions.all());
    all.addAll(OWN);
    return all;
  }
}
