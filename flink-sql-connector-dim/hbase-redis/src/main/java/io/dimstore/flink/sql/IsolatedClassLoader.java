// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.sql;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loads classes from the isolated folder of this jar. Of all other classes it sees only those of
 * the JDK, of the SPI and of SLF4J, so that no other version of HBase, Hadoop or their libraries on
 * Flink's class path can get between.
 *
 * <p>Resources, such as {@code hbase-site.xml}, are found outside of the folder too. Registrations
 * of services are not.
 */
final class IsolatedClassLoader extends ClassLoader {

  static {
    registerAsParallelCapable();
  }

  /** Where the build puts the store and its libraries. */
  private static final String FOLDER = "io/dimstore/flink/sql/isolated/";

  private static final String SERVICES = "META-INF/services/";

  private final ClassLoader outer;

  /**
   * Creates the loader.
   *
   * @param outer the loader of this class, which sees the jar
   */
  IsolatedClassLoader(@Nullable ClassLoader outer) {
    super("dimstore-isolated", getPlatformClassLoader());
    this.outer = outer == null ? getSystemClassLoader() : outer;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    return isShared(name) ? outer.loadClass(name) : super.loadClass(name, resolve);
  }

  private static boolean isShared(String className) {
    return className.startsWith("io.dimstore.spi.") || className.startsWith("org.slf4j.");
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes;
    try (InputStream in = outer.getResourceAsStream(FOLDER + name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      bytes = in.readAllBytes();
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
    String packageName = name.substring(0, Math.max(0, name.lastIndexOf('.')));
    if (getDefinedPackage(packageName) == null) {
      try {
        definePackage(packageName, null, null, null, null, null, null, null);
      } catch (IllegalArgumentException e) {
        // Another thread has defined it meanwhile.
      }
    }
    return defineClass(
        name, bytes, 0, bytes.length, IsolatedClassLoader.class.getProtectionDomain());
  }

  @Override
  public @Nullable URL getResource(String name) {
    URL isolated = findResource(name);
    return isolated != null || name.startsWith(SERVICES) ? isolated : outer.getResource(name);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    Enumeration<URL> isolated = findResources(name);
    if (name.startsWith(SERVICES)) {
      return isolated;
    }
    List<URL> all = new ArrayList<>(Collections.list(isolated));
    all.addAll(Collections.list(outer.getResources(name)));
    return Collections.enumeration(all);
  }

  @Override
  protected @Nullable URL findResource(String name) {
    return outer.getResource(FOLDER + name);
  }

  @Override
  protected Enumeration<URL> findResources(String name) throws IOException {
    return outer.getResources(FOLDER + name);
  }
}
