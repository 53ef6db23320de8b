// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectVersionTest {

  @TempDir Path folder;

  @Test
  void theVersionIsThatOfTheBuild() {
    assertThat(ProjectVersion.number()).matches("\\d+\\.\\d+.*");
  }

  @Test
  void theCommitIsWhatGitSaysOfTheFolder() throws Exception {
    Path git = git("echo 0123456789ab-dirty; pwd >asked; echo \"$@\" >>asked");

    assertThat(ProjectVersion.commit(folder, git.toString())).isEqualTo("0123456789ab-dirty");
    assertThat(folder.resolve("asked"))
        .hasContent(folder.toRealPath() + "\ndescribe --always --dirty --abbrev=12 --exclude=*");
  }

  @Test
  void withoutGitOrACheckoutThereIsNoCommit() throws Exception {
    assertThat(
            ProjectVersion.commit(folder, git("echo 'not a repository' >&2; exit 128").toString()))
        .isEqualTo("unknown");
    assertThat(ProjectVersion.commit(folder, folder.resolve("absent").toString()))
        .isEqualTo("unknown");
  }

  /** Writes a program that stands for Git. */
  private Path git(String script) throws Exception {
    Path git = Files.writeString(folder.resolve("git"), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(git, PosixFilePermissions.fromString("rwxr-xr-x"));
    return git;
  }
}
