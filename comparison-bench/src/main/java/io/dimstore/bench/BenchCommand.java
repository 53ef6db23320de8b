// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench;

import io.dimstore.bench.store.StoreCommand;
import picocli.CommandLine.Command;

/** {@code bench}: what can be measured on its own. */
@Command(
    name = "bench",
    subcommands = StoreCommand.class,
    synopsisSubcommandLabel = "store",
    description = "Measures parts on their own.",
    footerHeading = "%nExample:%n",
    footer = "  bin/dimstore bench store --subject hbase-redis")
final class BenchCommand {}
