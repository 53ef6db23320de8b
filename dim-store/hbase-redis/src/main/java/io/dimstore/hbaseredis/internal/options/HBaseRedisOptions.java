// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.options;

import io.dimstore.spi.StoreOption;
import io.dimstore.spi.support.CommonOptions;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** All options of the store and of its tables. */
public final class HBaseRedisOptions {

  public static final StoreOption<String> QUORUM =
      StoreOption.text(
          "zookeeper.quorum",
          null,
          "The ZooKeeper servers of HBase as host:port, separated by commas; not needed if"
              + " 'hbase-site' contains them.");

  public static final StoreOption<String> ZNODE =
      StoreOption.text(
          "zookeeper.znode",
          null,
          "The parent znode of HBase in ZooKeeper; by default that of 'hbase-site', else"
              + " /hbase.");

  public static final StoreOption<String> HBASE_SITE =
      StoreOption.text(
          "hbase-site",
          null,
          "The cluster's hbase-site.xml and any further configuration files, such as"
              + " core-site.xml: files or names on the class path, separated by commas.");

  public static final StoreOption<String> KERBEROS_PRINCIPAL =
      StoreOption.text(
          "kerberos.principal",
          null,
          "The Kerberos principal that logs in to HBase; needs 'kerberos.keytab'. If it is not"
              + " set, the store uses the login of the process.");

  public static final StoreOption<String> KERBEROS_KEYTAB =
      StoreOption.text("kerberos.keytab", null, "The keytab file of 'kerberos.principal'.");

  public static final StoreOption<String> HBASE =
      StoreOption.text(
          "hbase.",
          null,
          "Any property of the HBase client by its own name, for instance 'hbase.rpc.timeout' ="
              + " '2000'; overrides 'hbase-site'.");

  public static final StoreOption<String> INTENTS_TABLE =
      StoreOption.text(
          "intents-table",
          "dimstore_intents",
          "The HBase table of write intents, which record the rows that are pending for Redis;"
              + " shared by all tables.");

  public static final StoreOption<String> CONTROL_TABLE =
      StoreOption.text(
          "control-table",
          "dimstore_control",
          "The HBase table of shared records, such as the state of a migration. It is created when"
              + " the first record is written.");

  public static final StoreOption<Boolean> CHECKED_WRITES =
      StoreOption.flag(
          "checked-writes",
          false,
          "Whether HBase applies a change only if the row's state cell is unchanged since the"
              + " writer read it. A delayed attempt then never overwrites a later write of the"
              + " same version. Each row costs a read and a log sync of its own. All writers of a"
              + " table must set it.");

  public static final StoreOption<String> REPLICATION_ORIGIN =
      StoreOption.text(
          "replication-origin",
          null,
          "Marks all changes of this store in HBase as coming from this origin. A replication peer"
              + " of dimstore whose 'dimstore.origin' is the same does not carry them: set it to"
              + " 'dimstore' where this store is written from the peer's target.");

  public static final StoreOption<String> REDIS_HOST =
      StoreOption.text(
          "redis.host",
          null,
          "The host name or address of Redis (6.2 or newer), if it is a single server.");

  public static final StoreOption<Integer> REDIS_PORT =
      StoreOption.integer("redis.port", 6379, 1, 65_535, "The port of Redis.");

  public static final StoreOption<String> REDIS_SENTINELS =
      StoreOption.text(
          "redis.sentinels",
          null,
          "Instead of 'redis.host': Sentinels that know the master, as host:port, separated by"
              + " commas.");

  public static final StoreOption<String> REDIS_SENTINEL_MASTER =
      StoreOption.text(
          "redis.sentinel.master", null, "The name by which the Sentinels know the master.");

  public static final StoreOption<String> REDIS_SENTINEL_USER =
      StoreOption.text(
          "redis.sentinel.user",
          null,
          "The ACL user for the Sentinels; needs 'redis.sentinel.password'.");

  public static final StoreOption<String> REDIS_SENTINEL_PASSWORD =
      StoreOption.secret("redis.sentinel.password", "The password for the Sentinels.");

  public static final StoreOption<Boolean> REDIS_SENTINEL_TLS =
      StoreOption.flag(
          "redis.sentinel.tls",
          "Whether connections to the Sentinels use TLS; by default the value of 'redis.tls'.");

  public static final StoreOption<String> REDIS_CLUSTER =
      StoreOption.text(
          "redis.cluster",
          null,
          "Instead of 'redis.host': some nodes of a Redis Cluster, as host:port, separated by"
              + " commas; the others are found through them.");

  public static final StoreOption<Boolean> REDIS_TLS =
      StoreOption.flag(
          "redis.tls",
          false,
          "Whether connections to Redis use TLS, and those to its Sentinels unless"
              + " 'redis.sentinel.tls' is set.");

  public static final StoreOption<String> REDIS_TLS_CA =
      StoreOption.text(
          "redis.tls.ca",
          null,
          "A PEM file with the certificates to trust; by default those that the JVM trusts.");

  public static final StoreOption<Boolean> REDIS_TLS_VERIFY_HOST =
      StoreOption.flag(
          "redis.tls.verify-host",
          true,
          "Whether the server's certificate must name the host that was connected to.");

  public static final StoreOption<String> REDIS_TLS_KEYSTORE =
      StoreOption.text(
          "redis.tls.keystore",
          null,
          "The client certificate and its key, for Redis servers and Sentinels that require"
              + " one: a PKCS #12 file, or PEM with the key as PKCS #8, in one file or in two"
              + " separated by a comma.");

  public static final StoreOption<String> REDIS_TLS_KEYSTORE_PASSWORD =
      StoreOption.secret(
          "redis.tls.keystore-password",
          "The password of 'redis.tls.keystore', or of the key in it.");

  public static final StoreOption<String> REDIS_USER =
      StoreOption.text("redis.user", null, "The ACL user for Redis; needs 'redis.password'.");

  public static final StoreOption<String> REDIS_PASSWORD =
      StoreOption.secret("redis.password", "The password for Redis.");

  public static final StoreOption<String> REDIS_PREFIX =
      StoreOption.text(
          "redis.prefix",
          "dim",
          "The prefix of all key names in Redis; :table:row-key follows it.");

  public static final StoreOption<Integer> REDIS_CONNECTIONS =
      StoreOption.integer(
          "redis.connections",
          4,
          1,
          256,
          "The number of connections to Redis, in a cluster to each master. Each has a thread"
              + " of its own.");

  public static final StoreOption<Duration> REDIS_TIMEOUT =
      StoreOption.duration(
          "redis.timeout",
          Duration.ofSeconds(1),
          "How long a call waits for Redis, counted from its admission, before HBase answers"
              + " instead; also how long to wait for a connection.");

  public static final StoreOption<Duration> REDIS_SLOW_AFTER =
      StoreOption.duration(
          "redis.slow-after",
          Duration.ofMillis(10),
          "An answer of Redis that takes longer than this on the wire, and keeps its lookup waiting"
              + " longer than HBase does, is slow. When half of the last 32 answers of a server are"
              + " slow, HBase answers lookups instead until that server is fast again.");

  public static final StoreOption<Integer> REDIS_MAX_QUEUED =
      StoreOption.integer(
          "redis.max-queued",
          10_000,
          4,
          1_000_000,
          "How many requests may wait for one Redis server or be in flight to it. HBase answers"
              + " further ones. A quarter is reserved for writes.");

  public static final StoreOption<Integer> REDIS_MAX_QUEUED_MEGABYTES =
      StoreOption.integer(
          "redis.max-queued-megabytes",
          32,
          1,
          65_536,
          "Like 'redis.max-queued', but in megabytes of keys and values.");

  public static final StoreOption<Duration> MAX_AGE =
      StoreOption.duration(
          "max-age",
          Duration.ofMinutes(10),
          "How long an entry lives in Redis, counted from before HBase was read for it. This"
              + " bounds the staleness of lookups under faults.");

  public static final StoreOption<Duration> LEASE =
      StoreOption.duration(
          "lease",
          Duration.ofSeconds(5),
          "How long a reader that missed in Redis may take to fill the entry from HBase.");

  public static final StoreOption<Duration> REPAIR_INTERVAL =
      StoreOption.duration(
          "repair-interval",
          Duration.ofMinutes(1),
          "How often a store in use reconciles the write intents of writers that died, and"
              + " counts the backlog.");

  public static final StoreOption<String> FAMILY =
      StoreOption.text(
              "family", "f", "The column family of value columns without a 'column.' option.")
          .perTable();

  public static final StoreOption<String> STATE_FAMILY =
      StoreOption.text(
              "state-family",
              "s",
              "The column family of the state cell; dimension tables that share one HBase table"
                  + " need one each.")
          .perTable();

  public static final StoreOption<String> COLUMN =
      StoreOption.text(
              "column.",
              null,
              "The cell of a value column as family:qualifier, for instance"
                  + " 'column.country' = 'profile:c'.")
          .perTable();

  public static final StoreOption<String> NULL_LITERAL =
      StoreOption.text(
              "null-literal",
              "null",
              "The text that stands for NULL in text cells, as in the stock connector's"
                  + " 'null-string-literal'.")
          .perTable();

  public static final StoreOption<KeyEncoding> KEY_ENCODING =
      StoreOption.choice(
              "key-encoding",
              KeyEncoding.class,
              null,
              "How a key becomes a row key. stock: the bytes that the stock connector writes"
                  + " for the only key column. ordered: any key columns, sorted in key order. By"
                  + " default stock if the key allows it.")
          .perTable();

  public static final StoreOption<KeyCodecKind> KEY_CODEC =
      StoreOption.choice(
              "key-codec",
              KeyCodecKind.class,
              KeyCodecKind.PLAIN,
              "How row keys are spread over the regions: by a salt byte, by reversal, or by a"
                  + " prefix of the key's MD5 in bytes or in hexadecimal digits. With any of"
                  + " these, a scan of a key range reads the whole table.")
          .perTable();

  public static final StoreOption<Integer> KEY_CODEC_SIZE =
      StoreOption.integer(
              "key-codec.size",
              null,
              1,
              KeyCodecKind.MAX_BUCKETS,
              "The size of 'key-codec': the buckets of 'salted' (up to 256), the bytes of"
                  + " 'md5-prefix' (up to 16), or the digits of 'md5-hex-prefix' (up to 32).")
          .perTable();

  public static final StoreOption<EntryFormat> REDIS_FORMAT =
      StoreOption.choice(
              "redis.format",
              EntryFormat.class,
              EntryFormat.PACKED,
              "The format of entries in Redis: packed bytes, which are the smallest and"
                  + " fastest, or, for people and other programs, a hash with a field for each"
                  + " column, or a JSON object.")
          .perTable();

  public static final StoreOption<String> REDIS_KEY =
      StoreOption.text(
              "redis.key",
              null,
              "A template for the names of the table's keys in Redis, which contains {table}"
                  + " and {key} once each, for instance 'features:{table}:{key}'. By default"
                  + " 'redis.prefix' followed by :{table}:{key}.")
          .perTable();

  private HBaseRedisOptions() {}

  public static Set<StoreOption<?>> all() {
    Set<StoreOption<?>> all = new LinkedHashSet<>(CommonOptions.all());
    all.addAll(
        List.of(
            QUORUM,
            ZNODE,
            HBASE_SITE,
            KERBEROS_PRINCIPAL,
            KERBEROS_KEYTAB,
            HBASE,
            INTENTS_TABLE,
            CONTROL_TABLE,
            CHECKED_WRITES,
            REPLICATION_ORIGIN,
            REDIS_HOST,
            REDIS_PORT,
            REDIS_SENTINELS,
            REDIS_SENTINEL_MASTER,
            REDIS_SENTINEL_USER,
            REDIS_SENTINEL_PASSWORD,
            REDIS_SENTINEL_TLS,
            REDIS_CLUSTER,
            REDIS_TLS,
            REDIS_TLS_CA,
            REDIS_TLS_VERIFY_HOST,
            REDIS_TLS_KEYSTORE,
            REDIS_TLS_KEYSTORE_PASSWORD,
            REDIS_USER,
            REDIS_PASSWORD,
            REDIS_PREFIX,
            REDIS_CONNECTIONS,
            REDIS_TIMEOUT,
            REDIS_SLOW_AFTER,
            REDIS_MAX_QUEUED,
            REDIS_MAX_QUEUED_MEGABYTES,
            MAX_AGE,
            LEASE,
            REPAIR_INTERVAL,
            FAMILY,
            STATE_FAMILY,
            COLUMN,
            NULL_LITERAL,
            KEY_ENCODING,
            KEY_CODEC,
            KEY_CODEC_SIZE,
            REDIS_FORMAT,
            REDIS_KEY));
    return all;
  }
}
