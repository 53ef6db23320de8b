package io.dimstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.OptionsReference;
import io.dimstore.spi.DimensionStores;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Here, because only this module has every store on its class path. */
class StoreOptionsReferenceTest {

  private static final Path DOC =
      Path.of(System.getProperty("dimstore.home"), "docs", "store-options.md");

  /** {@code mvn -pl comparison-bench test -Dtest=StoreOptionsReferenceTest -Dupdate=true}. */
  @Test
  void theReferenceIsAsTheOptionsAreDeclared() throws Exception {
    String wanted = page();
    if (Boolean.getBoolean("update")) {
      Files.writeString(DOC, wanted);
    }
    assertThat(DOC)
        .as("run this test with -Dupdate=true to write it anew")
        .exists()
        .hasContent(wanted);
  }

  private static String page() {
    StringBuilder page =
        new StringBuilder(
            """
            # Options of the stores

            <!-- Written by StoreOptionsReferenceTest from the declarations: change those, then run it with -Dupdate=true. -->

            Written as a table's WITH clause has them, with the store's name in front. Where a store is opened through
            the SPI or a command (`--store-option`), the name in front is left out.
            """);
    DimensionStores.factories(StoreOptionsReferenceTest.class.getClassLoader())
        .forEach(
            (id, factory) ->
                page.append("\n## ")
                    .append(id)
                    .append("\n\n")
                    .append(OptionsReference.store(factory)));
    return page.toString();
  }
}
