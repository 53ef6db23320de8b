package io.dimstore.hbaseredis;

import io.dimstore.spi.CommonOptions;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
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
import org.jspecify.annotations.Nullable;

/**
 * The settings of the HBase client. What comes later counts: HBase's defaults, ours, the cluster's
 * files, the options that begin with {@code hbase.}; but no call outlasts the store's deadline
 * whatever any of them says.
 */
final class HBaseSettings {

  /** A server that does not answer is given up soon enough for another attempt. */
  private static final int ATTEMPTS = 3;

  /** Bounds that the client takes from one of the others where nobody sets them. */
  private static final List<String> NARROWER =
      List.of(
          HConstants.HBASE_RPC_READ_TIMEOUT_KEY,
          HConstants.HBASE_RPC_WRITE_TIMEOUT_KEY,
          "hbase.client.meta.read.rpc.timeout",
          "hbase.client.meta.scanner.timeout.period");

  /** HBase has this name in a class of its own, which it means to do without. */
  private static final String ZOOKEEPER_TIMEOUT = "zookeeper.registry.async.get.timeout";

  private HBaseSettings() {}

  /**
   * Reads and joins them.
   *
   * @throws StoreException INVALID, naming the option that is missing or whose file is not there
   */
  static Configuration of(StoreConfig config) {
    Duration limit = config.get(CommonOptions.DEADLINE).multipliedBy(9).dividedBy(10);
    Configuration defaults = HBaseConfiguration.create();
    defaults.setInt("zookeeper.recovery.retry", 2);
    defaults.setLong(HConstants.HBASE_CLIENT_PAUSE, 50);
    defaults.setLong(HConstants.HBASE_RPC_TIMEOUT_KEY, limit.toMillis() / ATTEMPTS);
    defaults.setLong("hbase.ipc.client.socket.timeout.connect", limit.toMillis() / ATTEMPTS);
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
    HBaseLogin.secure(settings, config);
    return settings;
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
        "Option 'hbase-site': '"
            + name
            + "' is neither a file that can be read nor on the class path.");
  }

  private static void set(Configuration settings, String name, @Nullable String value) {
    if (value != null) {
      settings.set(name, value);
    }
  }

  private static void atMost(Configuration settings, String name, Duration limit) {
    try {
      settings.setLong(name, Math.min(limit.toMillis(), settings.getLong(name, Long.MAX_VALUE)));
    } catch (NumberFormatException e) {
      throw StoreException.invalid(
          "HBase's property '"
              + name
              + "', an option or of 'hbase-site': '"
              + settings.get(name)
              + "' is no number of milliseconds.");
    }
  }
}
