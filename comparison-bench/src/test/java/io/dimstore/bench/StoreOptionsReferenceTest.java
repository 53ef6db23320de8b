// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.internal.table.OptionsReference;
import io.dimstore.spi.DimensionStores;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Checks the reference of the options of all stores that the module list has. The test is in this
 * module because the build has made them all by then.
 */
class StoreOptionsReferenceTest {

  private static final Path DOC =
      Path.of(System.getProperty("dimstore.home"), "docs", "store-options.md");

  /**
   * Compares the page with the declared options. To update the page, run:
   *
   * <p>{@code mvn -pl comparison-bench test -Dtest=StoreOptionsReferenceTest -Dupdate=true}
   */
  @Test
  void referenceMatchesTheDeclaredOptions() throws Exception {
    String wanted = page();
    if (Boolean.getBoolean("update")) {
      Files.writeString(DOC, wanted);
    }
    assertThat(DOC)
        .as("run this test with -Dupdate=true to write it anew")
        .exists()
        .hasContent(wanted);
  }

  private static String page() throws Exception {
    StringBuilder page =
        new StringBuilder(
            """
            # Options of the stores

            <!-- Written by StoreOptionsReferenceTest from the declarations: change those, then run it with -Dupdate=true. -->

            These options are written as in a table's WITH clause, with the store's name as a prefix. If a store is opened
            through the SPI or a command (`--store-option`), leave the prefix out.
            """);
    try (URLClassLoader stores = StoreModules.classLoader()) {
      DimensionStores.factories(stores)
          .forEach(
              (id, factory) ->
                  page.append("\n## ")
                      .append(id)
                      .append("\n\n")
                      .append(OptionsReference.store(factory)));
    }
    return page.toString();
  }
}
