// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events;

import io.dimstore.events.input.EventInput;
import io.dimstore.events.input.EventReader;
import io.dimstore.events.input.InputReport;
import io.dimstore.events.record.Event;
import io.dimstore.events.record.ItemChange;
import io.dimstore.events.record.RefusedLine;
import io.dimstore.events.record.StreamRecord;
import io.dimstore.events.record.UserChange;
import io.dimstore.events.replay.FileInput;
import io.dimstore.events.replay.ReplayFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The records, refused lines and report of an input that was read to its end. */
public record Inputs(List<StreamRecord> records, List<RefusedLine> refused, InputReport report) {

  public static Inputs readAll(EventInput input) {
    List<StreamRecord> records = new ArrayList<>();
    List<RefusedLine> refused = new ArrayList<>();
    try (EventReader reader = input.open(refused::add)) {
      reader.forEachRemaining(records::add);
      return new Inputs(records, refused, reader.report());
    }
  }

  /** Writes these lines to a file, each ended by a line feed, and reads it. */
  public static Inputs readLines(Path directory, ReplayFormat format, String... lines)
      throws IOException {
    Path file = Files.createTempFile(directory, "input", ".csv");
    Files.writeString(file, String.join("\n", lines) + "\n", StandardCharsets.UTF_8);
    return readAll(FileInput.of(file, format, FileInput.ALL));
  }

  public List<Event> events() {
    return ofType(Event.class);
  }

  public List<UserChange> userChanges() {
    return ofType(UserChange.class);
  }

  public List<ItemChange> itemChanges() {
    return ofType(ItemChange.class);
  }

  private <T> List<T> ofType(Class<T> type) {
    return records.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
