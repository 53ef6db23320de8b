// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.run;

import io.dimstore.cli.Usage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reserves an output folder for one comparison. The operating system releases the lock when the
 * process ends, however it ends; the locked file stays.
 */
final class FolderLock implements Closeable {

  private static final String FILE = ".lock";

  /**
   * The folders that this process has locked. A second channel on a locked file would release the
   * lock when it is closed, so none is opened.
   */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel channel;

  private FolderLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Locks a folder, which is created if it does not exist.
   *
   * @throws io.dimstore.cli.UsageException if a comparison has locked it; the message names the
   *     process
   */
  static FolderLock of(Path out) throws IOException {
    Path folder = Files.createDirectories(out).toRealPath();
    long own = ProcessHandle.current().pid();
    if (!OWN.add(folder)) {
      throw Usage.badValue("--out", out, usedBy(Long.toString(own)));
    }
    try {
      FileChannel channel =
          FileChannel.open(
              folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        throw Usage.badValue("--out", out, usedBy(Files.readString(folder.resolve(FILE)).strip()));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(Long.toString(own).getBytes(StandardCharsets.US_ASCII)));
      return new FolderLock(folder, channel);
    } catch (IOException | RuntimeException e) {
      OWN.remove(folder);
      throw e;
    }
  }

  private static String usedBy(String process) {
    return "another comparison, process "
        + process
        + ", writes to this folder. Choose another one, or wait until it has ended";
  }

  @Override
  public void close() throws IOException {
    channel.close();
    OWN.remove(folder);
  }
}
