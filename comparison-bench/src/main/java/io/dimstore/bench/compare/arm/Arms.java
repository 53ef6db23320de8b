// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.arm;

import io.dimstore.bench.subject.BenchException;
import io.dimstore.cli.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the arms of the comparison: the files {@code META-INF/dimstore/arms/ARM.properties} on the
 * class path. The module of a store has the file of its arm.
 */
public final class Arms {

  static final String FOLDER = "META-INF/dimstore/arms/";

  private static final String EXTENSION = ".properties";

  private Arms() {}

  /**
   * Returns all arms, in their order.
   *
   * @throws BenchException if a file is not a valid arm
   */
  public static List<Arm> find(ClassLoader classLoader) {
    try {
      Set<String> files = new LinkedHashSet<>();
      for (URL folder : Collections.list(classLoader.getResources(FOLDER))) {
        files.addAll(files(folder));
      }
      return files.stream()
          .map(file -> read(file, classLoader))
          .sorted(Comparator.comparingInt(Arm::order).thenComparing(Arm::id))
          .toList();
    } catch (IOException | URISyntaxException e) {
      throw new BenchException("The arms on the class path cannot be listed: " + e, e);
    }
  }

  /**
   * Returns the arms with these ids, in the order of the ids.
   *
   * @throws io.dimstore.cli.UsageException if there is no such arm; the message is that of the
   *     option {@code --arms}
   */
  public static List<Arm> chosen(Collection<String> ids, List<Arm> all) {
    List<Arm> chosen = new ArrayList<>();
    for (String id : ids) {
      chosen.add(
          all.stream()
              .filter(arm -> arm.id().equals(id))
              .findFirst()
              .orElseThrow(
                  () ->
                      Usage.badValue(
                          "--arms",
                          id,
                          "must be one of "
                              + String.join(", ", all.stream().map(Arm::id).toList()))));
    }
    return chosen;
  }

  private static List<String> files(URL folder) throws IOException, URISyntaxException {
    URLConnection connection = folder.openConnection();
    if (connection instanceof JarURLConnection jar) {
      return jar.getJarFile().stream()
          .map(entry -> entry.getName())
          .filter(name -> name.startsWith(FOLDER) && name.endsWith(EXTENSION))
          .toList();
    }
    try (Stream<Path> files = Files.list(Path.of(new URI(folder.toString())))) {
      return files
          .map(file -> FOLDER + file.getFileName())
          .filter(name -> name.endsWith(EXTENSION))
          .toList();
    }
  }

  private static Arm read(String file, ClassLoader classLoader) {
    String id = file.substring(FOLDER.length(), file.length() - EXTENSION.length());
    Properties properties = new Properties();
    try (InputStream in = classLoader.getResourceAsStream(file)) {
      if (in == null) {
        throw new BenchException("The file of arm " + id + " is gone: " + file);
      }
      properties.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ArmFile.parse(id, properties);
  }
}
