// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.output;

import io.dimstore.events.record.EventStreamException;
import io.dimstore.events.record.JsonEncoder;
import io.dimstore.events.record.RefusedLine;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Writes refused lines to a file, one JSON object per line. An existing file is replaced. Methods
 * throw {@link EventStreamException} if the file cannot be written. Not thread-safe.
 */
public final class RefusedFile implements Consumer<RefusedLine>, AutoCloseable {

  private final Path file;
  private final OutputStream out;
  private final JsonEncoder encoder = new JsonEncoder();

  private RefusedFile(Path file, OutputStream out) {
    this.file = file;
    this.out = out;
  }

  /** Creates the file. Its directory must exist. */
  public static RefusedFile create(Path file) {
    try {
      return new RefusedFile(file, new BufferedOutputStream(Files.newOutputStream(file)));
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  @Override
  public void accept(RefusedLine line) {
    try {
      out.write(encoder.value(line));
      out.write('\n');
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  /** Hands all buffered data to the operating system. It does not force it to disk. */
  public void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  private static EventStreamException failure(Path file, IOException e) {
    return new EventStreamException("cannot write refused lines to " + file + ": " + e, e);
  }
}
