// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench;

import io.dimstore.bench.checkpoint.CheckpointCommand;
import io.dimstore.bench.job.JobCommand;
import io.dimstore.bench.lookup.CacheCommand;
import io.dimstore.bench.lookup.LookupCommand;
import io.dimstore.bench.store.StoreCommand;
import picocli.CommandLine.Command;

/** {@code bench}: what can be measured on its own. */
@Command(
    name = "bench",
    subcommands = {
      StoreCommand.class,
      JobCommand.class,
      CheckpointCommand.class,
      LookupCommand.class,
      CacheCommand.class
    },
    synopsisSubcommandLabel = "store|job|checkpoint|lookup|cache",
    description = "Measures parts on their own.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore bench store --subject hbase-redis",
      "  bin/dimstore bench job",
      "  bin/dimstore bench checkpoint --users 100000",
      "  bin/dimstore bench lookup",
      "  bin/dimstore bench cache"
    })
final class BenchCommand {}
