package io.dimstore.bench;

import io.dimstore.bench.store.StoreCommand;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench}: what can be measured on its own. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    subcommands = StoreCommand.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Measures parts on their own.",
    footer = {"", "Example:", "  bin/dimstore bench store --store hbase-redis"})
final class BenchCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "Name what to measure: store");
  }
}
