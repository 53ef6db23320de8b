// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dimstore.events.record.Event;
import io.dimstore.events.record.EventStreamException;
import io.dimstore.events.record.EventType;
import io.dimstore.events.record.ItemChange;
import io.dimstore.events.record.RefusedLine;
import io.dimstore.events.record.UserChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryWriterTest {

  @TempDir Path directory;

  @Test
  void everyKindGoesToItsFileOneValueALine() throws IOException {
    Path target = directory.resolve("a/b");
    try (DirectoryWriter writer = DirectoryWriter.open(target)) {
      writer.write(UserChange.delete("u", 1, 0), 0);
      writer.write(ItemChange.delete("i", 2, 0), 0);
      writer.write(ItemChange.delete("i", 3, 0), 0);
      writer.write(new Event("e", "u", "i", EventType.VIEW, 1, 0, 0), 0);
      writer.refuse(new RefusedLine(7, "unreadable-line", "?"));
    }

    assertThat(target.resolve("events.jsonl"))
        .content()
        .startsWith("{\"event_id\":\"e\"")
        .endsWith("1970-01-01T00:00:00.000Z\"}\n");
    assertThat(target.resolve("dim-user-changes.jsonl"))
        .hasContent("{\"op\":\"delete\",\"user_id\":\"u\",\"version\":1}");
    assertThat(Files.readAllLines(target.resolve("dim-item-changes.jsonl"))).hasSize(2);
    assertThat(target.resolve("refused-lines.jsonl"))
        .hasContent("{\"line\":7,\"reason\":\"unreadable-line\",\"raw\":\"?\"}");
  }

  @Test
  void aDirectoryThatIsAFileFails() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    assertThatExceptionOfType(EventStreamException.class)
        .isThrownBy(() -> DirectoryWriter.open(file))
        .withMessageContaining(file.toString());
  }
}
