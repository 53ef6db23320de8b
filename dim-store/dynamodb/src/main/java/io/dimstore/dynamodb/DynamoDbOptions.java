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
          "An access key id, together with 'secret-key'; where neither is set, the AWS SDK's"
              + " default provider chain.");

  static final StoreOption<String> SECRET_KEY =
      StoreOption.secret("secret-key", "The secret key that belongs to 'access-key'.");

  static final StoreOption<String> SESSION_TOKEN =
      StoreOption.secret(
          "session-token", "The session token of 'access-key', where that is a temporary one.");

  static final StoreOption<String> PROFILE_FILE =
      StoreOption.text(
          "profile-file",
          null,
          "A file with profiles, in place of the AWS configuration files; read when the store"
              + " opens.");

  static final StoreOption<String> ROLE_ARN =
      StoreOption.text(
          "role-arn",
          null,
          "The role to assume, with the credentials that the other options give or with"
              + " 'web-identity-token-file'. Renewed 5 minutes before it ends.");

  static final StoreOption<String> ROLE_SESSION_NAME =
      StoreOption.text(
          "role-session-name", "dimstore", "The name of the session in which a role is assumed.");

  static final StoreOption<String> ROLE_EXTERNAL_ID =
      StoreOption.text(
          "role-external-id", null, "The external id that the role's trust policy asks for.");

  static final StoreOption<String> WEB_IDENTITY_TOKEN_FILE =
      StoreOption.text(
          "web-identity-token-file",
          null,
          "A file with the web identity token (OIDC) with which 'role-arn' is assumed; read again"
              + " each time.");

  static final StoreOption<String> STS_ENDPOINT =
      StoreOption.text(
          "sts-endpoint",
          null,
          "The URL of STS, for a VPC endpoint; where it is not set, that of the region.");

  static final StoreOption<String> PROXY =
      StoreOption.text(
          "proxy",
          null,
          "The HTTP proxy to the service and to STS, such as http://proxy.internal:3128; where it"
              + " is not set, what the JVM's properties and the environment say.");

  static final StoreOption<String> PROXY_USER =
      StoreOption.text("proxy-user", null, "The user for 'proxy'.");

  static final StoreOption<String> PROXY_PASSWORD =
      StoreOption.secret("proxy-password", "The password for 'proxy'.");

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
          "How often a request that failed on the way is sent in all, within 'deadline'. One that"
              + " was throttled is sent again, ever slower, for all of 'deadline'.");

  static final StoreOption<Integer> READ_UNITS_PER_SECOND =
      StoreOption.integer(
          "read.units-per-second",
          null,
          1,
          Integer.MAX_VALUE,
          "How many read units lookups and scans take of each table in a second: in a job the bound"
              + " of each operator, over all of its subtasks. What one request takes beyond it, the"
              + " next ones wait for. Unbounded where it is not set.");

  static final StoreOption<Integer> WRITE_UNITS_PER_SECOND =
      StoreOption.integer(
          "write.units-per-second",
          null,
          1,
          Integer.MAX_VALUE,
          "How many write units writes take of each table in a second, like"
              + " 'read.units-per-second'.");

  static final StoreOption<Boolean> HOT_KEYS =
      StoreOption.flag(
          "hot-keys",
          false,
          "Whether the keys that ask for the most units are told to the metrics, and to the log"
              + " when a partition is throttled. Keys may be personal: without this only the share"
              + " of the hottest one is told.");

  static final StoreOption<Duration> CREATE_TIMEOUT =
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
          "The provisioned read capacity of new tables, together with 'create.write-units'; on"
              + " demand where neither is set.");

  static final StoreOption<Integer> CREATE_WRITE_UNITS =
      StoreOption.integer(
          "create.write-units",
          null,
          1,
          Integer.MAX_VALUE,
          "The provisioned write capacity of new tables.");

  static final StoreOption<Boolean> CREATE_DELETION_PROTECTION =
      StoreOption.flag(
          "create.deletion-protection",
          false,
          "Whether new tables are protected against their deletion.");

  static final StoreOption<String> CREATE_KMS_KEY =
      StoreOption.text(
          "create.kms-key",
          null,
          "The KMS key (id, ARN or alias) that encrypts new tables; where it is not set, the"
              + " service's own.");

  static final StoreOption<Creation.StorageClass> CREATE_TABLE_CLASS =
      StoreOption.choice(
          "create.table-class",
          Creation.StorageClass.class,
          Creation.StorageClass.STANDARD,
          "The class of new tables: the second one stores for less and asks more for each unit.");

  static final StoreOption<String> CREATE_TAG =
      StoreOption.text(
          "create.tag.", null, "A tag of new tables, for instance 'create.tag.team' = 'risk'.");

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
              + " one undoes a newer one and brings deleted rows back. This holds for one writer"
              + " that writes in order, too: an attempt that timed out may arrive up to 5 minutes"
              + " later and undo a write that succeeded since. Only for tables whose keys are"
              + " written once, such as a first load.");

  static final StoreOption<String> STREAMS_ENDPOINT =
      StoreOption.text(
          "streams-endpoint",
          null,
          "The URL of the service of streams, which change feeds are read from; where it is not"
              + " set, 'endpoint', and without that the one of the region.");

  static final StoreOption<Boolean> CHANGE_FEED =
      StoreOption.flag(
              "change-feed",
              false,
              "Whether the table's changes can be followed: it is created with a stream of new and"
                  + " old images, and a table without one is no valid one.")
          .perTable();

  static final StoreOption<String> DAX_ENDPOINT =
      StoreOption.text(
          "dax.endpoint",
          null,
          "The URL of a DAX cluster (dax:// or daxs://) that lookups are asked of; writes, scans"
              + " and all else go past it, so its answers are as old as its own cache's time to"
              + " live. Needs 'consistent-reads' = 'false' and amazon-dax-client on the class"
              + " path.");

  static final StoreOption<Duration> READ_CACHE_MAX_AGE =
      StoreOption.duration(
          "read-cache.max-age",
          null,
          "How long a row that was read, or its absence, is answered from memory; where it is not"
              + " set, nothing is. Needs 'consistent-reads' = 'false'.");

  static final StoreOption<Integer> READ_CACHE_MEGABYTES =
      StoreOption.integer(
          "read-cache.megabytes",
          64,
          1,
          65_536,
          "How much memory the read cache of a table may take, by its own estimate.");

  static final StoreOption<Boolean> READ_CACHE_FOLLOW =
      StoreOption.flag(
          "read-cache.follow",
          false,
          "Whether the read cache follows the changes of its table, which needs a stream"
              + " ('change-feed'), to end entries before 'read-cache.max-age'. For two processes at"
              + " most: the service lets no more of them follow a stream.");

  static final StoreOption<Duration> READ_CACHE_GAP_MAX_AGE =
      StoreOption.duration(
          "read-cache.gap-max-age",
          Duration.ofSeconds(10),
          "How long an entry is answered from memory while changes cannot be followed, or the feed"
              + " is behind by more than 5 s; instead of 'read-cache.max-age', if that is longer."
              + " Only with 'read-cache.follow'. With 0 s nothing is answered from memory"
              + " meanwhile.");

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

  static Set<StoreOption<?>> all() {
    Set<StoreOption<?>> all = new LinkedHashSet<>(CommonOptions.all());
    all.addAll(OWN);
    return all;
  }
}
