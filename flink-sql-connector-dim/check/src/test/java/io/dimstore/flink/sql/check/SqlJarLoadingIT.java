// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.sql.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.util.ChildFirstClassLoader;
import org.junit.jupiter.api.Test;

/** Loads the SQL jars as Flink loads the jars of a job. */
class SqlJarLoadingIT {

  @Test
  void twoJarsInOneClassLoader() throws Exception {
    try (ChildFirstClassLoader loader = loader(SqlJars.ALL)) {
      DynamicTableFactory factory =
          FactoryUtil.discoverFactory(loader, DynamicTableFactory.class, "dim");
      assertThat(factory.getClass().getClassLoader()).isSameAs(loader);
      assertThat(stores(loader)).containsExactlyInAnyOrder("dynamodb", "hbase-redis", "mirror");
    }
  }

  @Test
  void oneJarInEachOfTwoClassLoaders() throws Exception {
    try (ChildFirstClassLoader first = loader(List.of(SqlJars.DYNAMODB));
        ChildFirstClassLoader second = loader(List.of(SqlJars.HBASE_REDIS))) {
      assertThat(stores(first)).containsExactlyInAnyOrder("dynamodb", "mirror");
      assertThat(stores(second)).containsExactlyInAnyOrder("hbase-redis", "mirror");
    }
  }

  @Test
  void optionsOfTheStoresAreRead() throws Exception {
    try (ChildFirstClassLoader loader = loader(SqlJars.ALL)) {
      for (Object factory : factories(loader).values()) {
        assertThat((Set<?>) factory.getClass().getMethod("options").invoke(factory)).isNotEmpty();
      }
    }
  }

  private static ChildFirstClassLoader loader(List<Path> jars) throws Exception {
    List<URL> urls = new ArrayList<>();
    for (Path jar : jars) {
      urls.add(jar.toUri().toURL());
    }
    return new ChildFirstClassLoader(
        urls.toArray(URL[]::new),
        SqlJarLoadingIT.class.getClassLoader(),
        CoreOptions.getParentFirstLoaderPatterns(new Configuration()),
        failure -> {});
  }

  private static Set<String> stores(ClassLoader loader) throws Exception {
    return factories(loader).keySet();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> factories(ClassLoader loader) throws Exception {
    return (Map<String, Object>)
        loader
            .loadClass("io.dimstore.spi.DimensionStores")
            .getMethod("factories", ClassLoader.class)
            .invoke(null, loader);
  }
}
