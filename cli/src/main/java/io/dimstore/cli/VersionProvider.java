// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Provides the versions of dimstore and of Java. */
final class VersionProvider implements IVersionProvider {

  @Override
  public String[] getVersion() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = VersionProvider.class.getResourceAsStream("version.properties")) {
      properties.load(in);
    }
    return new String[] {
      "dimstore " + properties.getProperty("version") + ", Java " + Runtime.version().feature()
    };
  }
}
