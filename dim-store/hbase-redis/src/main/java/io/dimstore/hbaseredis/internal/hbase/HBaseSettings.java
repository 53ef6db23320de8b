// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.support.CommonOptions;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HBaseConfiguration;
import org.apache.hadoop.hbase.HConstants;
import org.apache.hadoop.hbase.codec.KeyValueCodecWithTags;
import org.jspecify.annotations.Nullable;

/**
 * Computes the settings of the HBase client. In this order, later ones override earlier ones:
 * HBase's defaults, dimstore's defaults, the files of {@code hbase-site}, the options that begin
 * with {@code hbase.}. Timeouts are then limited, so that no call outlasts the store's deadline.
 */
final class HBaseSettings {

  /** The attempts that fit into a call if a server does not answer. */
  private static final int ATTEMPTS = 3;

  private static final long PAUSE_MILLIS = 50;

  /**
   * Timeouts that default to another timeout in the client. They are limited only if they are set.
   */
  private static final List<String> NARROWER =
      List.of(
          HConstants.HBASE_RPC_READ_TIMEOUT_KEY,
          HConstants.HBASE_RPC_WRITE_TIMEOUT_KEY,
          "hbase.client.meta.read.rpc.timeout",
          "hbase.client.meta.scanner.timeout.period");

  /**
   * A timeout of ZooKeeper requests. HBase's constant for this name is in a class that HBase
   * intends to remove.
   */
  private static final String ZOOKEEPER_TIMEOUT = "zookeeper.registry.async.get.timeout";

  private HBaseSettings() {}

  /** The files on the class path, which take longer to parse than all else of opening a store. */
  private static final class OfClassPath {

    private OfClassPath() {}

    static final Configuration SETTINGS = load();

    private static Configuration load() {
      Configuration settings = HBaseConfiguration.create();
      settings.size(); // files are parsed when a setting is first read
      return settings;
    }
  }

  /**
   * Returns the settings.
   *
   * @throws StoreException INVALID if an option is missing or invalid, or its file does not exist;
   *     the message names the option
   */
  static Configuration of(StoreConfig config) {
    Duration limit = config.get(CommonOptions.DEADLINE).multipliedBy(9).dividedBy(10);
    Configuration defaults = new Configuration(OfClassPath.SETTINGS);
    defaults.setInt("zookeeper.recovery.retry", 2);
    defaults.setLong(HConstants.HBASE_CLIENT_PAUSE, PAUSE_MILLIS);
    defaults.unset(HConstants.HBASE_CLIENT_RETRIES_NUMBER);
    defaults.setLong(HConstants.HBASE_RPC_TIMEOUT_KEY, limit.toMillis() / ATTEMPTS);
    defaults.setLong("hbase.ipc.client.socket.timeout.connect", limit.toMillis() / ATTEMPTS);
    // The time to live of a cell is one of its tags, which other codecs leave out.
    defaults.set(HConstants.RPC_CODEC_CONF_KEY, KeyValueCodecWithTags.class.getName());
    ReconnectingRpcClient.select(defaults);
    Configuration settings = new Configuration(defaults);
    String files = config.find(HBaseRedisOptions.HBASE_SITE);
    if (files != null) {
      Configuration site = new Configuration(false);
      for (String file : files.split(",", -1)) {
        site.addResource(find(file.strip()));
      }
      site.forEach(entry -> settings.set(entry.getKey(), entry.getValue()));
    }
    set(settings, HConstants.ZOOKEEPER_QUORUM, quorum(config, files));
    set(settings, HConstants.ZOOKEEPER_ZNODE_PARENT, config.find(HBaseRedisOptions.ZNODE));
    config
        .prefixed(HBaseRedisOptions.HBASE)
        .forEach((name, value) -> settings.set(HBaseRedisOptions.HBASE.name() + name, value));
    atMost(settings, HConstants.HBASE_CLIENT_META_OPERATION_TIMEOUT, limit);
    atMost(settings, HConstants.HBASE_CLIENT_OPERATION_TIMEOUT, limit);
    atMost(settings, HConstants.HBASE_CLIENT_SCANNER_TIMEOUT_PERIOD, limit);
    atMost(settings, HConstants.HBASE_RPC_TIMEOUT_KEY, limit);
    for (String name : NARROWER) {
      if (settings.get(name) != null) {
        atMost(settings, name, limit);
      }
    }
    atMost(settings, ZOOKEEPER_TIMEOUT, limit);
    if (settings.get(HConstants.HBASE_CLIENT_RETRIES_NUMBER) == null) {
      long pause = millis(settings, HConstants.HBASE_CLIENT_PAUSE);
      settings.setInt(HConstants.HBASE_CLIENT_RETRIES_NUMBER, retries(limit.toMillis(), pause));
    }
    HBaseLogin.secure(settings, config);
    return settings;
  }

  /**
   * Returns how many retries fit into a time limit, with a twentieth of it left for the last
   * answer. If the limit ends the attempts of a batch, the HBase client drops the reason that the
   * region server gave; if the last retry fails, the client reports it.
   */
  private static int retries(long limitMillis, long pauseMillis) {
    long pause = Math.max(1, pauseMillis);
    int retries = 0;
    long pauses = pause;
    // The client adds up to one per cent to each pause.
    while (pauses * 101 / 100 <= limitMillis - limitMillis / 20) {
      retries++;
      pauses +=
          pause * HConstants.RETRY_BACKOFF[Math.min(retries, HConstants.RETRY_BACKOFF.length - 1)];
    }
    return retries;
  }

  private static @Nullable String quorum(StoreConfig config, @Nullable String files) {
    return files == null
        ? config.get(HBaseRedisOptions.QUORUM)
        : config.find(HBaseRedisOptions.QUORUM);
  }

  private static URL find(String name) {
    try {
      Path file = Path.of(name);
      URL found =
          Files.isReadable(file)
              ? file.toUri().toURL()
              : Thread.currentThread().getContextClassLoader().getResource(name);
      if (found != null && !name.isEmpty()) {
        return found;
      }
    } catch (MalformedURLException | InvalidPathException e) {
      throw StoreException.invalid("Option 'hbase-site': '" + name + "': " + e.getMessage());
    }
    throw StoreException.invalid(
        "Option 'hbase-site': '" + name + "' is neither a readable file nor on the class path.");
  }

  private static void set(Configuration settings, String name, @Nullable String value) {
    if (value != null) {
      settings.set(name, value);
    }
  }

  private static void atMost(Configuration settings, String name, Duration limit) {
    settings.setLong(name, Math.min(limit.toMillis(), millis(settings, name)));
  }

  private static long millis(Configuration settings, String name) {
    try {
      return settings.getLong(name, Long.MAX_VALUE);
    } catch (NumberFormatException e) {
      throw StoreException.invalid(
          "HBase's property '"
              + name
              + "', from an option or from 'hbase-site': '"
              + settings.get(name)
              + "' is not a number of milliseconds.");
    }
  }
}
