// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.FailureReport;
import io.dimstore.cli.UsageException;
import io.dimstore.spi.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
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
            java.util.Map.entry("redis.password", "hush"),
            java.util.Map.entry("redis.host", "line"),
            java.util.Map.entry("table", "t"));
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
  void whatTheStoreRefusesIsWrongUsageAndTheRestAFailure() {
    assertThat(StoreFailures.report(new StoreException(StoreException.Kind.INVALID, "no option")))
        .isEqualTo(new FailureReport(ExitCodes.USAGE, "INVALID: no option"));
    assertThat(StoreFailures.report(new StoreException(StoreException.Kind.DENIED, "no right")))
        .isEqualTo(new FailureReport(ExitCodes.FAILED, "DENIED: no right"));
    assertThat(StoreFailures.report(new IllegalStateException("other"))).isNull();
  }
}
