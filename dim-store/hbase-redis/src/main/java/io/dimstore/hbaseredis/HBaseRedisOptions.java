package io.dimstore.hbaseredis;

import io.dimstore.spi.CommonOptions;
import io.dimstore.spi.StoreOption;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Every option of the store and of its tables. */
final class HBaseRedisOptions {

  static final StoreOption<String> QUORUM =
      StoreOption.text(
          "zookeeper.quorum",
          null,
          "ZooKeeper servers of HBase as host:port, separated by commas; may be left to"
              + " 'hbase-site'.");

  static final StoreOption<String> ZNODE =
      StoreOption.text(
          "zookeeper.znode",
          null,
          "Where HBase keeps its data in ZooKeeper; /hbase where 'hbase-site' says nothing else.");

  static final StoreOption<String> HBASE_SITE =
      StoreOption.text(
          "hbase-site",
          null,
          "The cluster's hbase-site.xml, a file or on the class path, and what it needs besides,"
              + " such as core-site.xml, separated by commas.");

  static final StoreOption<String> KERBEROS_PRINCIPAL =
      StoreOption.text(
          "kerberos.principal",
          null,
          "Who logs in to HBase by Kerberos; needs 'kerberos.keytab'. Where it is not set, whoever"
              + " the process is.");

  static final StoreOption<String> KERBEROS_KEYTAB =
      StoreOption.text("kerberos.keytab", null, "The keytab file of 'kerberos.principal'.");

  static final StoreOption<String> HBASE =
      StoreOption.text(
          "hbase.",
          null,
          "Any property of the HBase client by its own name, for instance"
              + " 'hbase.rpc.timeout' = '2000'; goes before 'hbase-site'.");

  static final StoreOption<String> MARKS_TABLE =
      StoreOption.text(
          "marks-table",
          "dimstore_marks",
          "The HBase table that notes which rows Redis is owed; shared by all tables.");

  static final StoreOption<Boolean> CHECKED_WRITES =
      StoreOption.flag(
          "checked-writes",
          false,
          "Whether HBase applies a change only if the row's state cell is still the one that was"
              + " read for it. Then no attempt that arrives late overwrites a later write of the"
              + " same version; each row costs a read and a log sync of its own. All writers of a"
              + " table need it.");

  static final StoreOption<String> REDIS_HOST =
      StoreOption.text(
          "redis.host",
          null,
          "The host name or address of Redis (6.2 or newer), where it is one server.");

  static final StoreOption<Integer> REDIS_PORT =
      StoreOption.integer("redis.port", 6379, 1, 65_535, "The port of Redis.");

  static final StoreOption<String> REDIS_SENTINELS =
      StoreOption.text(
          "redis.sentinels",
          null,
          "Instead of 'redis.host': Sentinels that know the master, as host:port, separated by"
              + " commas.");

  static final StoreOption<String> REDIS_SENTINEL_MASTER =
      StoreOption.text(
          "redis.sentinel.master", null, "The name by which the Sentinels know the master.");

  static final StoreOption<String> REDIS_SENTINEL_USER =
      StoreOption.text(
          "redis.sentinel.user",
          null,
          "The ACL user for the Sentinels; needs 'redis.sentinel.password'.");

  static final StoreOption<String> REDIS_SENTINEL_PASSWORD =
      StoreOption.secret("redis.sentinel.password", "The password for the Sentinels.");

  static final StoreOption<Boolean> REDIS_SENTINEL_TLS =
      StoreOption.flag(
          "redis.sentinel.tls",
          "Whether the Sentinels are spoken to over TLS; where it is not set, as 'redis.tls' says.");

  static final StoreOption<String> REDIS_CLUSTER =
      StoreOption.text(
          "redis.cluster",
          null,
          "Instead of 'redis.host': some nodes of a Redis Cluster, as host:port, separated by"
              + " commas; the others are found through them.");

  static final StoreOption<Boolean> REDIS_TLS =
      StoreOption.flag(
          "redis.tls",
          false,
          "Whether Redis is spoken to over TLS; its Sentinels too, unless 'redis.sentinel.tls' says"
              + " something else.");

  static final StoreOption<String> REDIS_TLS_CA =
      StoreOption.text(
          "redis.tls.ca",
          null,
          "A PEM file with the certificates to trust; where it is not set, those of the JVM.");

  static final StoreOption<Boolean> REDIS_TLS_VERIFY_HOST =
      StoreOption.flag(
          "redis.tls.verify-host",
          true,
          "Whether the server's certificate must name the host that was connected to.");

  static final StoreOption<String> REDIS_TLS_KEYSTORE =
      StoreOption.text(
          "redis.tls.keystore",
          null,
          "The certificate and key to show to Redis, and to its Sentinels, where they ask for one: a"
              + " PKCS #12 file, or PEM with the key as PKCS #8, in one file or in two separated by"
              + " a comma.");

  static final StoreOption<String> REDIS_TLS_KEYSTORE_PASSWORD =
      StoreOption.secret(
          "redis.tls.keystore-password",
          "The password of 'redis.tls.keystore', or of the key in it.");

  static final StoreOption<String> REDIS_USER =
      StoreOption.text("redis.user", null, "The ACL user for Redis; needs 'redis.password'.");

  static final StoreOption<String> REDIS_PASSWORD =
      StoreOption.secret("redis.password", "The password for Redis.");

  static final StoreOption<String> REDIS_PREFIX =
      StoreOption.text(
          "redis.prefix",
          "dim",
          "What the names of all keys in Redis begin with; they go on with :table:row-key.");

  static final StoreOption<Integer> REDIS_CONNECTIONS =
      StoreOption.integer(
          "redis.connections",
          4,
          1,
          256,
          "Connections to Redis, of a cluster to each master, each with a thread of its own.");

  static final StoreOption<Duration> REDIS_TIMEOUT =
      StoreOption.duration(
          "redis.timeout",
          Duration.ofSeconds(1),
          "How long a call waits for Redis, counted from its admission, before HBase answers instead;"
              + " also how long to wait for a connection.");

  static final StoreOption<Duration> REDIS_SLOW_AFTER =
      StoreOption.duration(
          "redis.slow-after",
          Duration.ofMillis(20),
          "An answer of Redis that comes later than this after its request was sent, and later than"
              + " HBase takes on average, is slow. When half of the last 32 answers of a server are"
              + " slow, HBase answers lookups instead until that server is fast again.");

  static final StoreOption<Integer> REDIS_MAX_QUEUED =
      StoreOption.integer(
          "redis.max-queued",
          10_000,
          4,
          1_000_000,
          "Requests that may wait for one Redis server or be under way to it. HBase answers what is"
              + " beyond; a quarter is kept for writes.");

  static final StoreOption<Integer> REDIS_MAX_QUEUED_MEGABYTES =
      StoreOption.integer(
          "redis.max-queued-megabytes",
          32,
          1,
          65_536,
          "The same bound in megabytes of keys and values.");

  static final StoreOption<Duration> MAX_AGE =
      StoreOption.duration(
          "max-age",
          Duration.ofMinutes(10),
          "How long an entry lives in Redis, from before HBase was asked for it: the bound of"
              + " staleness under faults.");

  static final StoreOption<Duration> LEASE =
      StoreOption.duration(
          "lease",
          Duration.ofSeconds(5),
          "How long a reader that missed in Redis may take to fill in what HBase answers.");

  static final StoreOption<Duration> REPAIR_INTERVAL =
      StoreOption.duration(
          "repair-interval",
          Duration.ofMinutes(1),
          "How often a store in use settles the marks that died writers have left and counts the"
              + " backlog.");

  static final StoreOption<String> FAMILY =
      StoreOption.text(
              "family", "f", "The column family of value columns that 'column.' does not place.")
          .perTable();

  static final StoreOption<String> STATE_FAMILY =
      StoreOption.text(
              "state-family",
              "s",
              "The column family of the state cell; dimension tables that share one HBase table"
                  + " need one each.")
          .perTable();

  static final StoreOption<String> COLUMN =
      StoreOption.text(
              "column.",
              null,
              "The cell of a value column as family:qualifier, for instance"
                  + " 'column.country' = 'profile:c'.")
          .perTable();

  static final StoreOption<String> NULL_LITERAL =
      StoreOption.text(
              "null-literal",
              "null",
              "The text that stands for NULL in text cells, as in the stock connector's"
                  + " 'null-string-literal'.")
          .perTable();

  static final StoreOption<RowKeys.Encoding> KEY_ENCODING =
      StoreOption.choice(
              "key-encoding",
              RowKeys.Encoding.class,
              null,
              "The row key: the stock connector's bytes of the one key column, or any key in"
                  + " order; by default stock where it can be.")
          .perTable();

  static final StoreOption<RowKeyCodec.Kind> KEY_CODEC =
      StoreOption.choice(
              "key-codec",
              RowKeyCodec.Kind.class,
              RowKeyCodec.Kind.PLAIN,
              "What spreads row keys over the regions: a salt byte, reversal, or the beginning of"
                  + " the key's MD5 before it, in bytes or in hexadecimal digits. Key ranges then"
                  + " read the whole table.")
          .perTable();

  static final StoreOption<Integer> KEY_CODEC_SIZE =
      StoreOption.integer(
              "key-codec.size",
              null,
              1,
              RowKeyCodec.MAX_BUCKETS,
              "Of 'key-codec': buckets of 'salted' (up to 256), bytes of 'md5-prefix' (up to 16),"
                  + " digits of 'md5-hex-prefix' (up to 32).")
          .perTable();

  static final StoreOption<RedisFormat> REDIS_FORMAT =
      StoreOption.choice(
              "redis.format",
              RedisFormat.class,
              RedisFormat.PACKED,
              "How entries stand in Redis: packed bytes, the smallest and fastest, or for people and"
                  + " other programs a hash with a field for each column, or a JSON text.")
          .perTable();

  static final StoreOption<String> REDIS_KEY =
      StoreOption.text(
              "redis.key",
              null,
              "The names of the table's keys in Redis, with {table} and {key} once each, for instance"
                  + " 'features:{table}:{key}'; by default 'redis.prefix' begins them.")
          .perTable();

  private HBaseRedisOptions() {}

  static Set<StoreOption<?>> all() {
    Set<StoreOption<?>> all = new LinkedHashSet<>(CommonOptions.all());
    all.addAll(
        List.of(
            QUORUM,
            ZNODE,
            HBASE_SITE,
            KERBEROS_PRINCIPAL,
            KERBEROS_KEYTAB,
            HBASE,
            MARKS_TABLE,
            CHECKED_WRITES,
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
