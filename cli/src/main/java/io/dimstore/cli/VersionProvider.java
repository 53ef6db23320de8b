// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import picocli.CommandLine.IVersionProvider;

/** Provides the versions of dimstore and of Java. */
final class VersionProvider implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {
      "dimstore " + ProjectVersion.number() + ", Java " + Runtime.version().feature()
    };
  }
}
