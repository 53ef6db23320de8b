// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;

/** Settings from a file and from the command line. */
public final class Settings {

  /**
   * The label of options that are settings of a client or a store. Their values may be secrets, so
   * reports of wrong usage do not repeat them.
   */
  public static final String LABEL = "NAME=VALUE";

  private Settings() {}

  /** Returns whether the values of an option are settings. */
  static boolean areIn(ArgSpec argument) {
    return argument.paramLabel().endsWith(LABEL);
  }

  /**
   * Returns the settings of the file, overridden by those of the command line.
   *
   * @param option the option that names the file
   * @param file a properties file, or null for none
   * @throws UsageException for a file that cannot be read
   */
  public static Map<String, String> merged(
      String option, @Nullable Path file, Map<String, String> commandLine) {
    Map<String, String> settings = new LinkedHashMap<>();
    if (file != null) {
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(file)) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw Usage.badValue(option, file, "must be a properties file that can be read");
      }
      properties
          .stringPropertyNames()
          .forEach(name -> settings.put(name, properties.getProperty(name)));
    }
    settings.putAll(commandLine);
    return settings;
  }
}
