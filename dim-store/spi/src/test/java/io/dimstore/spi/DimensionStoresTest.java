// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DimensionStoresTest {

  private static final ClassLoader LOADER = DimensionStoresTest.class.getClassLoader();

  @Test
  void aStoreIsFoundByItsName() {
    assertThat(DimensionStores.factory("stub", LOADER)).isInstanceOf(StubStoreFactory.class);
    assertThat(DimensionStores.factories(LOADER)).containsOnlyKeys("stub");
  }

  @Test
  void anUnknownStoreIsRefusedWithTheNearestNameAndTheRemedy() {
    assertThatThrownBy(() -> DimensionStores.factory("stubb", LOADER))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.INVALID))
        .hasMessageContainingAll("'stubb'", "did you mean 'stub'? Found: stub.", "class path");
    assertThatThrownBy(() -> DimensionStores.factory("elsewhere", LOADER))
        .hasMessageStartingWith("No store 'elsewhere' on the class path. Found: stub.");
  }

  @Test
  void openingParsesTheOptions() {
    try (DimensionStore store =
        DimensionStores.open(
            "stub", Map.of("place", "there"), StoreMetrics.NONE, Clock.systemUTC())) {
      assertThat(store).isEqualTo(new StubStoreFactory.Stub("there"));
    }
    assertThatThrownBy(
            () ->
                DimensionStores.open(
                    "stub", Map.of("plaice", "x"), StoreMetrics.NONE, Clock.systemUTC()))
        .isInstanceOf(StoreException.class)
        .hasMessageContainingAll("'plaice'", "store 'stub'", "did you mean 'place'?");
  }

  @Test
  void aStoreThatCannotBeLoadedIsInvalid() {
    ClassLoader naming = new NamingLoader("io.dimstore.spi.NoSuchFactory");
    assertThatThrownBy(() -> DimensionStores.factories(naming))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.INVALID))
        .hasMessageContaining("cannot be loaded")
        .hasMessageContaining("NoSuchFactory");
  }

  /** A class loader that finds one service file, which names the given class. */
  private static final class NamingLoader extends ClassLoader {

    private final byte[] named;

    NamingLoader(String named) {
      super(null);
      this.named = named.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      URLStreamHandler handler =
          new URLStreamHandler() {
            @Override
            protected URLConnection openConnection(URL url) {
              return new URLConnection(url) {
                @Override
                public void connect() {}

                @Override
                public InputStream getInputStream() {
                  return new ByteArrayInputStream(named);
                }
              };
            }
          };
      return Collections.enumeration(List.of(new URL("memory", "", 0, "/services", handler)));
    }
  }
}
