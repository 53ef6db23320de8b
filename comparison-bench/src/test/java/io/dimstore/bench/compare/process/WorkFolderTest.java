// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.bench.subject.BenchException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFolderTest {

  @TempDir Path folder;

  @Test
  void closingDeletesEverythingInside() throws Exception {
    try (WorkFolder work = WorkFolder.create(folder.resolve("new"))) {
      Files.writeString(Files.createDirectory(work.path().resolve("arm")).resolve("x"), "x");
    }
    assertThat(folder.resolve("new")).isEmptyDirectory();
  }

  @Test
  void aFolderThatCannotBeDeletedDoesNotHideWhyTheComparisonFailed() {
    assertThatThrownBy(
            () -> {
              try (WorkFolder work = WorkFolder.create(folder)) {
                Files.delete(work.path());
                throw new BenchException("the reason");
              }
            })
        .hasMessage("the reason")
        .satisfies(reason -> assertThat(reason.getSuppressed()).hasSize(1));
  }

  @Test
  void closingFirstEndsTheProcessesThatWriteToTheFolder() throws Exception {
    Process writer;
    try (WorkFolder work = WorkFolder.create(folder)) {
      writer =
          new ProcessBuilder(
                  "sh", "-c", "while :; do : >\"$0/$$\"; done", work.folder("tmp").toString())
              .start();
      work.addWriter(writer);
    }
    assertThat(writer.isAlive()).isFalse();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whatAKilledComparisonLeftIsDeletedByTheNext() throws Exception {
    Path left = Files.createDirectory(folder.resolve(WorkFolder.NAME));
    Files.writeString(Files.createDirectory(left.resolve("arm")).resolve("x"), "x");
    WorkFolder.create(folder).close();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void filesAndFoldersOfTheUserStay() throws Exception {
    Path notes = Files.createDirectory(folder.resolve("work-notes")).resolve("x");
    Files.writeString(notes, "x");
    Files.writeString(folder.resolve("work-list"), "x");
    // A link that leads out of the folder.
    Files.createSymbolicLink(folder.resolve(WorkFolder.NAME), notes.getParent());
    try (WorkFolder work = WorkFolder.create(folder)) {
      Files.createSymbolicLink(work.path().resolve("link"), notes.getParent());
    }
    assertThat(notes).hasContent("x");
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("work-notes", "work-list");
  }

  @Test
  void theFolderIsDeletedBeforeItIsUnlockedAlsoIfTheJvmIsStopped() throws Exception {
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                StoppedJvm.class.getName(),
                folder.resolve("out").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(log).content().contains("exists when it is unlocked: false");
  }

  /** Stops its JVM while it uses a work folder whose writer takes its time to end. */
  static final class StoppedJvm {

    private StoppedJvm() {}

    public static void main(String[] args) throws Exception {
      Thread main = Thread.currentThread();
      WorkFolder work = WorkFolder.create(Path.of(args[0]));
      work.addWriter(new SlowWriter(main));
      // The JVM ends after this thread has printed.
      Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitEnd(main)));
      new Thread(() -> System.exit(0)).start();
      while (!work.isInterrupted()) {
        Thread.onSpinWait();
      }
      work.close();
      System.out.println("exists when it is unlocked: " + Files.exists(work.path()));
    }

    private static void awaitEnd(Thread thread) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Ends when the thread that closes the work folder waits, or has ended without waiting. */
  private static final class SlowWriter extends Process {

    private final Thread closing;

    SlowWriter(Thread closing) {
      this.closing = closing;
    }

    @Override
    public boolean waitFor(long timeout, TimeUnit unit) {
      while (closing.getState() == Thread.State.RUNNABLE) {
        Thread.onSpinWait();
      }
      return true;
    }

    @Override
    public int waitFor() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int exitValue() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void destroy() {}

    @Override
    public OutputStream getOutputStream() {
      return OutputStream.nullOutputStream();
    }

    @Override
    public InputStream getInputStream() {
      return InputStream.nullInputStream();
    }

    @Override
    public InputStream getErrorStream() {
      return InputStream.nullInputStream();
    }
  }
}
