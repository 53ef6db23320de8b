// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.output;

import io.dimstore.events.record.Event;
import io.dimstore.events.record.EventStreamException;
import io.dimstore.events.record.JsonEncoder;
import io.dimstore.events.record.RefusedLine;
import io.dimstore.events.record.StreamRecord;
import io.dimstore.events.record.UserChange;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes records to files of a directory, one JSON value a line: {@value #EVENTS}, {@value
 * #USER_CHANGES}, {@value #ITEM_CHANGES} and {@value #REFUSED}. Files of these names are replaced.
 */
public final class DirectoryWriter implements RecordSink {

  /** File of the events. */
  public static final String EVENTS = "events.jsonl";

  /** File of the changes of {@code dim_user}. */
  public static final String USER_CHANGES = "dim-user-changes.jsonl";

  /** File of the changes of {@code dim_item}. */
  public static final String ITEM_CHANGES = "dim-item-changes.jsonl";

  /** File of the refused lines, which cannot become an event. */
  public static final String REFUSED = "refused-lines.jsonl";

  private static final int BUFFER = 256 * 1024;

  private final Path directory;
  private final JsonEncoder encoder = new JsonEncoder();
  private final OutputStream events;
  private final OutputStream userChanges;
  private final OutputStream itemChanges;
  private final RefusedFile refused;

  private DirectoryWriter(Path directory) throws IOException {
    this.directory = directory;
    Files.createDirectories(directory);
    this.events = create(EVENTS);
    this.userChanges = create(USER_CHANGES);
    this.itemChanges = create(ITEM_CHANGES);
    this.refused = RefusedFile.create(directory.resolve(REFUSED));
  }

  /**
   * Creates the directory, if it does not exist, and the files.
   *
   * @throws EventStreamException if the directory or a file cannot be created
   */
  public static DirectoryWriter open(Path directory) {
    try {
      return new DirectoryWriter(directory);
    } catch (IOException e) {
      throw new EventStreamException("cannot write to the directory " + directory + ": " + e, e);
    }
  }

  @Override
  public void write(StreamRecord record, long intendedMillis) {
    OutputStream out = events;
    if (!(record instanceof Event)) {
      out = record instanceof UserChange ? userChanges : itemChanges;
    }
    try {
      var value = encoder.encode(record);
      out.write(value.array(), value.arrayOffset() + value.position(), value.remaining());
      out.write('\n');
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void refuse(RefusedLine line) {
    refused.accept(line);
  }

  @Override
  public void flush() {
    try {
      events.flush();
      userChanges.flush();
      itemChanges.flush();
    } catch (IOException e) {
      throw failure(e);
    }
    refused.flush();
  }

  @Override
  public void close() {
    try (refused;
        itemChanges;
        userChanges;
        events) {
      flush();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private OutputStream create(String name) throws IOException {
    return new BufferedOutputStream(Files.newOutputStream(directory.resolve(name)), BUFFER);
  }

  private EventStreamException failure(IOException e) {
    return new EventStreamException("cannot write to the directory " + directory + ": " + e, e);
  }
}
