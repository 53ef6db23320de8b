// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ProjectVersionTest {

  @TempDir Path folder;

  @Test
  void theVersionIsThatOfTheBuild() {
    assertThat(ProjectVersion.number()).matches("\\d+\\.\\d+.*");
  }

  @Test
  void theCommitIsWhatGitSaysOfTheFolder() throws Exception {
    Path git = git(top("$PWD") + "echo 0123456789ab-dirty; pwd >asked; echo \"$@\" >>asked");

    assertThat(commit(git)).isEqualTo("0123456789ab-dirty");
    assertThat(folder.resolve("asked"))
        .hasContent(folder.toRealPath() + "\ndescribe --always --dirty --abbrev=12 --exclude=*");
  }

  @Test
  void withoutGitOrACheckoutThereIsNoCommit() throws Exception {
    assertThat(commit(git("echo 'not a repository' >&2; exit 128"))).isEqualTo("unknown");
    assertThat(commit(folder.resolve("absent"))).isEqualTo("unknown");
  }

  @Test
  void theCommitOfACheckoutAroundTheProjectIsNotTheProjects() throws Exception {
    assertThat(commit(git(top("$PWD/..") + "echo 0123456789ab"))).isEqualTo("unknown");
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aGitThatHangsIsKilled() throws Exception {
    Path git = git("echo $$ >pid; exec sleep 3600");

    assertThat(ProjectVersion.commit(folder, git.toString(), Duration.ofSeconds(1)))
        .isEqualTo("unknown");
    long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
    ProcessHandle.of(pid).ifPresent(killed -> killed.onExit().join());
  }

  private String commit(Path git) {
    return ProjectVersion.commit(folder, git.toString(), Duration.ofMinutes(1));
  }

  private static String top(String answer) {
    return "if [ $1 = rev-parse ]; then echo " + answer + "; exit; fi; ";
  }

  /** Writes a program that stands for Git. */
  private Path git(String script) throws Exception {
    Path git = Files.writeString(folder.resolve("git"), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(git, PosixFilePermissions.fromString("rwxr-xr-x"));
    return git;
  }
}
