// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fetches a package from a script in place of npm. */
class NpmPackageTest {

  @TempDir Path folder;
  private Path archive;
  private Path cache;
  private final List<String> progress = new ArrayList<>();

  @BeforeEach
  void pack() throws Exception {
    cache = folder.resolve("cache");
    pack("{\"license\": \"(MIT OR Apache-2.0)\"}");
  }

  /** Makes the archive, with this {@code package.json}. */
  private void pack(String json) throws Exception {
    Path content = Files.createDirectories(folder.resolve("package"));
    Files.writeString(content.resolve("server"), "#!/bin/sh\necho served\n");
    Files.writeString(content.resolve("package.json"), json);
    archive = folder.resolve("archive.tgz");
    Process tar =
        new ProcessBuilder("tar", "-czf", archive.toString(), "package")
            .directory(folder.toFile())
            .start();
    assertThat(tar.waitFor()).isZero();
  }

  private String npm(String script) throws IOException {
    Path npm = folder.resolve("npm");
    Files.writeString(npm, "#!/bin/sh\n" + script + "\n");
    assertThat(npm.toFile().setExecutable(true)).isTrue();
    return npm.toString();
  }

  /** Behaves like {@code npm pack --silent --pack-destination FOLDER NAME@VERSION}. */
  private String packs() throws IOException {
    return npm(
        "[ \"$1 $2 $3 $5\" = 'pack --silent --pack-destination @a/b@1.0' ] && cp "
            + archive
            + " \"$4\"/a-b-1.0.tgz");
  }

  private String sha512() throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(archive));
    return Base64.getEncoder().encodeToString(digest);
  }

  private static NpmPackage named(String sha512) {
    return new NpmPackage("@a/b", "1.0", "server", sha512);
  }

  private void assertNothingIsKept() throws IOException {
    try (var files = Files.list(cache)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void thePackageIsFetchedOnce() throws Exception {
    Path first = named(sha512()).fetch(cache, packs(), progress::add);
    assertThat(first).isExecutable().hasContent("#!/bin/sh\necho served\n").startsWith(cache);
    assertThat(progress).hasSize(1).first().asString().contains("@a/b@1.0").contains("once");
    assertThat(named(sha512()).fetch(cache, npm("exit 1"), progress::add)).isEqualTo(first);
    assertThat(progress).hasSize(1);
    try (var files = Files.list(cache)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void anArchiveWithAnotherChecksumIsNotUsed() throws Exception {
    String other = Base64.getEncoder().encodeToString(new byte[64]);
    assertThatThrownBy(() -> named(other).fetch(cache, packs(), progress::add))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not the expected one and is not used")
        .hasMessageContaining(sha512())
        .hasMessageContaining(other);
    assertNothingIsKept();
  }

  @Test
  void withoutNpmTheMessageSaysWhatToDo() throws Exception {
    String missing = folder.resolve("no-npm").toString();
    assertThatThrownBy(() -> named(sha512()).fetch(cache, missing, progress::add))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "@a/b@1.0 cannot be fetched. The command '"
                + missing
                + "' is not found. Install it (npm comes with Node.js), or start a DynamoDB server"
                + " of your own and use its address.");
    assertNothingIsKept();
  }

  @Test
  void whatNpmSaysIsQuoted() throws Exception {
    String npm = npm("echo 'npm error 404 Not Found' >&2; exit 7");
    assertThatThrownBy(() -> named(sha512()).fetch(cache, npm, progress::add))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ended with exit code 7:\n    npm error 404 Not Found");
    assertNothingIsKept();
  }

  @Test
  void aPackageWithoutTheBinaryIsRefused() throws Exception {
    NpmPackage other = new NpmPackage("@a/b", "1.0", "elsewhere", sha512());
    assertThatThrownBy(() -> other.fetch(cache, packs(), progress::add))
        .isInstanceOf(IOException.class)
        .hasMessage("The package @a/b@1.0 has no file elsewhere.");
    assertNothingIsKept();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"license\": \"SSPL-1.0\"}   | its licence 'SSPL-1.0' is not a known open-source licence.",
        "{\"license\": \"UNLICENSED\"} | its licence 'UNLICENSED' is not a known open-source licence.",
        "{\"name\": \"@a/b\"}          | it states no licence.",
        "no json                       | it states no licence."
      })
  void aPackageWithoutAnOpenSourceLicenceIsNotUsed(String json, String why) throws Exception {
    pack(json);
    assertThatThrownBy(() -> named(sha512()).fetch(cache, packs(), progress::add))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "The package @a/b@1.0 is not used: "
                + why
                + " Start a DynamoDB server of your own and use its address.");
    assertNothingIsKept();
  }

  @Test
  void theLicenceOfAPackageInTheCacheIsChecked() throws Exception {
    Path binary = named(sha512()).fetch(cache, packs(), progress::add);
    Files.writeString(binary.resolveSibling("package.json"), "{\"license\": \"BUSL-1.1\"}");
    assertThatThrownBy(() -> named(sha512()).fetch(cache, packs(), progress::add))
        .hasMessageContaining("its licence 'BUSL-1.1' is not a known open-source licence");
  }

  @Test
  void aPackageThatAnotherProcessFetchedMeanwhileIsTaken() throws Exception {
    String npm =
        npm(
            "cp "
                + archive
                + " \"$4\"/a.tgz; mkdir -p "
                + cache
                + "/a-b-1.0; cp "
                + folder.resolve("package")
                + "/* "
                + cache
                + "/a-b-1.0/; chmod +x "
                + cache
                + "/a-b-1.0/server");
    assertThat(named(sha512()).fetch(cache, npm, progress::add)).isExecutable();
  }

  @Test
  void eachSystemHasAPackageAndTheTriedOneAChecksum() {
    assertThat(NpmServer.DYNOXIDE.packageFor("Linux", "amd64").name())
        .isEqualTo("@dynoxide/linux-x64");
    assertThat(NpmServer.DYNOXIDE.packageFor("Linux", "amd64").sha512()).startsWith("sBHqlxJ9ANkL");
    assertThat(NpmServer.DYNOXIDE.packageFor("Linux", "aarch64").name())
        .isEqualTo("@dynoxide/linux-arm64");
    assertThat(NpmServer.DYNOXIDE.packageFor("Mac OS X", "aarch64").name())
        .isEqualTo("@dynoxide/darwin-arm64");
    assertThat(NpmServer.DYNOXIDE.packageFor("Mac OS X", "aarch64").sha512()).isNull();
  }
}
