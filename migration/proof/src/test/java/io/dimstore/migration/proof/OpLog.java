// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * The log of a writer, a file that survives its process. A line is in the file before the change is
 * sent, and before an acknowledgement counts. Thread-safe.
 */
final class OpLog {

  private final FileChannel file;

  /** Opens a log for appending. Its first line is empty, in case the last one was cut off. */
  OpLog(Path path) {
    try {
      this.file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      append("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Appends a line by one call of the system. */
  synchronized void append(String line) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a log, and what is appended to it meanwhile, into a model. Not thread-safe. */
  static final class Tail {

    private final Path path;
    private long position;

    Tail(Path path) {
      this.path = path;
    }

    /** Adds all complete lines that were not read before. */
    void readInto(Model model) {
      read(model::add);
    }

    /** Passes on all complete lines that were not read before. */
    void read(Consumer<String> lines) {
      if (!Files.exists(path)) {
        return;
      }
      try (RandomAccessFile in = new RandomAccessFile(path.toFile(), "r")) {
        long length = in.length();
        if (length == position) {
          return;
        }
        byte[] bytes = new byte[Math.toIntExact(length - position)];
        in.seek(position);
        in.readFully(bytes);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
          end--;
        }
        position += end;
        new String(bytes, 0, end, StandardCharsets.UTF_8).lines().forEach(lines);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
