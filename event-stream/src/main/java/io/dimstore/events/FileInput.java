// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/** Reads events from a file, plain or compressed with gzip. */
final class FileInput implements EventInput {

  private static final int BUFFER = 64 * 1024;

  private final Path file;
  private final ReplayFormat format;
  private final long limit;

  FileInput(Path file, ReplayFormat format, long limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("the limit of lines is negative: " + limit);
    }
    this.file = file;
    this.format = format;
    this.limit = limit;
  }

  @Override
  public EventReader open(Consumer<RefusedLine> refused) {
    try {
      InputStream in = openStream();
      try {
        return new EventReader(
            new FileSource(file, new LineReader(in), format.newMapping(), limit, refused));
      } catch (IOException | RuntimeException e) {
        in.close();
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw new EventStreamException("there is no file " + file, e);
    } catch (IOException e) {
      throw new EventStreamException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public String description() {
    return file.getFileName()
        + " ("
        + format.id()
        + (limit == ALL ? "" : ", at most " + limit + " lines")
        + ")";
  }

  private InputStream openStream() throws IOException {
    InputStream plain = new BufferedInputStream(Files.newInputStream(file), BUFFER);
    try {
      plain.mark(2);
      boolean gzip = plain.read() == 0x1f && plain.read() == 0x8b;
      plain.reset();
      return gzip ? new GZIPInputStream(plain, BUFFER) : plain;
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }
}
