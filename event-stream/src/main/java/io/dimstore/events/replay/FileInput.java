// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.replay;

import io.dimstore.events.input.EventInput;
import io.dimstore.events.input.EventReader;
import io.dimstore.events.record.EventStreamException;
import io.dimstore.events.record.RefusedLine;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/**
 * An input that reads a real file, plain or compressed with gzip. Compression is recognised by the
 * file's first bytes, not by its name.
 */
public final class FileInput implements EventInput {

  /** The limit that reads the whole file. */
  public static final long ALL = Long.MAX_VALUE;

  private static final int BUFFER = 64 * 1024;

  private final Path file;
  private final ReplayFormat format;
  private final long limit;

  private FileInput(Path file, ReplayFormat format, long limit) {
    this.file = file;
    this.format = format;
    this.limit = limit;
  }

  /**
   * Returns the input of a file.
   *
   * @param limit maximum number of lines to read after the header, or {@link #ALL}
   */
  public static EventInput of(Path file, ReplayFormat format, long limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("the limit of lines is negative: " + limit);
    }
    return new FileInput(file, format, limit);
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
