// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.FailureReport;
import io.dimstore.cli.UsageException;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class StoreOptionsTest {

  @Command(name = "read")
  static final class Read {
    @Mixin StoreOptions store = new StoreOptions();
  }

  private final Read read = new Read();

  @Test
  void optionsComeFromAFileAndTheCommandLineWithoutTheStoresId(@TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("store.properties");
    Files.writeString(file, "redis.password=hush\nhbase-redis.redis.host=file\n");
    new CommandLine(read)
        .parseArgs(
            "--store=hbase-redis",
            "--store-config=" + file,
            "--store-option=redis.host=line",
            "--store-option=hbase-redis.table=t");
    assertThat(read.store.store()).isEqualTo("hbase-redis");
    assertThat(read.store.options())
        .containsOnly(
            entry("redis.password", "hush"), entry("redis.host", "line"), entry("table", "t"));
  }

  @Test
  void withoutOptionsAStoreUsesTheServersThatTheVariablesName(@TempDir Path folder)
      throws Exception {
    Map<String, String> variables = new HashMap<>();
    variables.put("DIMSTORE_HBASE_ADDRESS", "localhost:2181");
    variables.put("DIMSTORE_REDIS_HOST", "127.0.0.1");
    variables.put("DIMSTORE_REDIS_PORT", "6379");
    Path arms = Files.createDirectories(folder.resolve("META-INF/dimstore/arms"));
    Files.writeString(
        arms.resolve("two-servers.properties"),
        """
        store=two-servers
        description=reads two servers
        option.quorum=${hbase.address}
        option.url=redis://${redis.host}:${redis.port}/0
        option.access-key=${third.access-key}
        option.file=${folder}/file
        option.mode=fast
        """);
    Files.writeString(arms.resolve("baseline.properties"), "store=two-servers\noption.mode=fast\n");
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader modules = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
      Thread.currentThread().setContextClassLoader(modules);
      assertThat(options(variables, "--store=two-servers"))
          .as("what has no variable is left to the store")
          .containsOnly(
              entry("quorum", "localhost:2181"),
              entry("url", "redis://127.0.0.1:6379/0"),
              entry("mode", "fast"));
      variables.put("DIMSTORE_THIRD_ACCESS_KEY", "key$1");
      assertThat(options(variables, "--store=two-servers")).containsEntry("access-key", "key$1");
      assertThat(options(variables, "--store=two-servers", "--store-option=mode=slow"))
          .as("one option is enough to leave the servers of the stack")
          .containsOnly(entry("mode", "slow"));
      assertThat(options(variables, "--store=baseline")).isEmpty();
      assertThat(options(variables, "--store=unknown")).isEmpty();
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  private static Map<String, String> options(Map<String, String> variables, String... arguments) {
    Read reading = new Read();
    reading.store = new StoreOptions(variables::get);
    new CommandLine(reading).parseArgs(arguments);
    return reading.store.options();
  }

  @Test
  void aMissingStoreIsWrongUsage() {
    new CommandLine(read).parseArgs();
    assertThat(read.store.isGiven()).isFalse();
    assertThatThrownBy(read.store::store)
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("--store STORE is missing");
  }

  @Test
  void aMissingAddressIsReportedWithTheCommandsOfALocalStack(@TempDir Path folder)
      throws Exception {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(DimensionStoreFactory.class.getName()), AddressedFactory.class.getName());
    Path arms = Files.createDirectories(folder.resolve("META-INF/dimstore/arms"));
    Files.writeString(
        arms.resolve("addressed.properties"),
        "store=addressed\noption.quorum=${hbase.address}\noption.file=${folder}/file\n");
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader modules = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
      Thread.currentThread().setContextClassLoader(modules);
      assertThat(reported("Option 'quorum' is missing: Hosts of ZooKeeper."))
          .startsWith("INVALID: Option 'quorum' is missing: Hosts of ZooKeeper. ")
          .contains("eval \"$(bin/dimstore stack up --detach --format env)\"")
          .contains("eval \"$(bin/dimstore stack status --format env)\"");
      assertThat(reported("Option 'file' is missing: A file."))
          .as("no server of the stack has it")
          .isEqualTo("INVALID: Option 'file' is missing: A file.");
      assertThat(reported("Unknown option 'quorum'."))
          .isEqualTo("INVALID: Unknown option 'quorum'.");
      assertThat(StoreFailures.withStack(StoreFailures::report).report(new IllegalStateException()))
          .isNull();
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  private static String reported(String message) {
    FailureReport report =
        StoreFailures.withStack(StoreFailures::report)
            .report(new StoreException(StoreException.Kind.INVALID, message));
    assertThat(report.exitCode()).isEqualTo(ExitCodes.USAGE);
    return report.message();
  }

  /** A store with servers. */
  public static final class AddressedFactory implements DimensionStoreFactory {

    @Override
    public String id() {
      return "addressed";
    }

    @Override
    public Set<StoreOption<?>> options() {
      return Set.of();
    }

    @Override
    public DimensionStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void whatTheStoreRefusesIsWrongUsageAndTheRestAFailure() {
    assertThat(StoreFailures.report(new StoreException(StoreException.Kind.INVALID, "no option")))
        .isEqualTo(new FailureReport(ExitCodes.USAGE, "INVALID: no option"));
    assertThat(StoreFailures.report(new StoreException(StoreException.Kind.DENIED, "no right")))
        .isEqualTo(new FailureReport(ExitCodes.FAILED, "DENIED: no right"));
    assertThat(StoreFailures.report(new IllegalStateException("other"))).isNull();
  }
}
