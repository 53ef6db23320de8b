// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.program;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The servers that npm brings. {@code NOTICE} lists each of them. */
public enum NpmServer {
  DYNOXIDE(
      "@dynoxide/",
      "1.2.1",
      "dynoxide",
      "sBHqlxJ9ANkLluFkYRfd5r8Y0ApFew4FhOrlhgRAgD4XzEoFOukEo1nuBTQ1+jTtofqwn4NWQ2k0Tn5mNTjgUg=="),
  EXTENDDB(
      "@extenddb/",
      "0.1.10",
      "extenddb",
      "VH9yqcA8morx94IGvqKhiQPOvakUGXzZ7c/bjyo42e4F+T/0VsxOFfSjYVj0/w65BBj1lExuU5ifpcYIqLSX6g==");

  private final String scope;
  private final String version;
  private final String binary;
  private final String sha512OfLinuxX64;

  /**
   * @param scope the package's name before the system's
   * @param sha512OfLinuxX64 the checksum of the package for the one system that was tried
   */
  NpmServer(String scope, String version, String binary, String sha512OfLinuxX64) {
    this.scope = scope;
    this.version = version;
    this.binary = binary;
    this.sha512OfLinuxX64 = sha512OfLinuxX64;
  }

  public String version() {
    return version;
  }

  /** Returns the name of the package for the system that was tried. */
  public String packageName() {
    return packageFor("Linux", "amd64").name();
  }

  /** Returns the package for a system, given the values of {@code os.name} and {@code os.arch}. */
  NpmPackage packageFor(String osName, String osArch) {
    String os = osName.toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
    String arch =
        switch (osArch) {
          case "amd64", "x86_64" -> "x64";
          case "aarch64" -> "arm64";
          default -> osArch;
        };
    boolean tried = os.equals("linux") && arch.equals("x64");
    @Nullable String sha512 = tried ? sha512OfLinuxX64 : null;
    return new NpmPackage(scope + os + "-" + arch, version, binary, sha512);
  }

  /** Fetches the binary for this system if that has not been done before, and returns it. */
  Path fetch(Consumer<String> progress) throws IOException {
    return packageFor(System.getProperty("os.name"), System.getProperty("os.arch"))
        .fetch(NpmPackage.cacheFolder(), "npm", progress);
  }
}
