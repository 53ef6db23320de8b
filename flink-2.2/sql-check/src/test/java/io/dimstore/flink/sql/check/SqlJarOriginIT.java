// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.sql.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks what is in a SQL jar for Flink 2.2: the connector that is compiled for Flink 2.2, and
 * everything else as it is in the SQL jar for Flink 1.20.
 */
class SqlJarOriginIT {

  @ParameterizedTest
  @ValueSource(strings = {"dynamodb", "hbase-redis"})
  void connectorIsTheOneForThisFlink(String store) throws IOException {
    assertThat(checksums("sql.jar." + store, SqlJarOriginIT::isOfConnector))
        .isNotEmpty()
        .isEqualTo(checksums("connector.jar", SqlJarOriginIT::isOfConnector));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dynamodb", "hbase-redis"})
  void everythingElseIsThatOfTheOtherJar(String store) throws IOException {
    assertThat(checksums("sql.jar." + store, SqlJarOriginIT::isOfStore))
        .isNotEmpty()
        .isEqualTo(checksums("other.sql.jar." + store, SqlJarOriginIT::isOfStore));
  }

  private static boolean isOfConnector(String name) {
    return name.startsWith("io/dimstore/flink/") && !name.startsWith("io/dimstore/flink/sql/");
  }

  /** Returns whether a file is neither of the connector nor written by Maven about the build. */
  private static boolean isOfStore(String name) {
    return !isOfConnector(name)
        && !name.equals("META-INF/MANIFEST.MF")
        && !name.startsWith("META-INF/maven/");
  }

  /** Returns the files of a jar and the checksum of each, by name. */
  private static Map<String, Long> checksums(String property, Predicate<String> names)
      throws IOException {
    Map<String, Long> checksums = new TreeMap<>();
    try (ZipFile jar = new ZipFile(Path.of(System.getProperty(property)).toFile())) {
      for (ZipEntry entry : jar.stream().toList()) {
        if (!entry.isDirectory() && names.test(entry.getName())) {
          CRC32 checksum = new CRC32();
          checksum.update(jar.getInputStream(entry).readAllBytes());
          checksums.put(entry.getName(), checksum.getValue());
        }
      }
    }
    return checksums;
  }
}
