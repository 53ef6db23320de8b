// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.events.Inputs;
import io.dimstore.events.input.EventInput;
import io.dimstore.events.record.Event;
import io.dimstore.events.record.EventStreamException;
import io.dimstore.events.record.RefusedLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileInputTest {

  private static final String THREE_LINES = "1,2,3,pv,10\n1,2,3,buy,11\n1,2,3,pv,12\n";

  @TempDir Path directory;

  @Test
  void compressedFilesAreKnownByTheirContentNotTheirName() throws IOException {
    Inputs plain = read(utf8(THREE_LINES));
    Inputs compressed = read(gzip(utf8(THREE_LINES)));

    assertThat(compressed.records()).isEqualTo(plain.records()).hasSize(4);
    assertThat(compressed.report()).isEqualTo(plain.report());
  }

  @Test
  void lineEndsAndByteOrderMarksAreNotPartOfFields() throws IOException {
    Inputs inputs = read(utf8("\uFEFF1,2,3,pv,10\r\n1,2,3,buy,11\r\n1,2,3,pv,12"));

    assertThat(inputs.report().sha256()).isEqualTo(read(utf8(THREE_LINES)).report().sha256());
  }

  @Test
  void anEmptyFileHasNoLines() throws IOException {
    assertThat(read(new byte[0]).report().linesRead()).isZero();
  }

  @Test
  void aBlankLineIsRefused() throws IOException {
    assertThat(read(utf8("1,2,3,pv,10\n\n1,2,3,pv,10\n")).refused())
        .containsExactly(new RefusedLine(2, "unreadable-line", ""));
  }

  @Test
  void openQuoteAffectsOnlyItsOwnLine() throws IOException {
    Inputs inputs = read(utf8("1,2,\"3,pv,10\n1,2,3,pv,10\n1,2,\"3\",pv,10\n"));

    assertThat(inputs.refused()).extracting(RefusedLine::line).containsExactly(1L);
    assertThat(inputs.events()).hasSize(2);
  }

  @Test
  void aLineThatIsNotUtf8IsRefusedAndItsBytesAreKept() throws IOException {
    byte[] pound = "1,2,\u00A3,pv,10".getBytes(StandardCharsets.ISO_8859_1);
    Inputs inputs = read(concat(utf8("1,2,\u00A3\uFFFD,pv,10\n"), pound, utf8("\n1,2,3,pv,10\n")));

    assertThat(inputs.refused())
        .containsExactly(new RefusedLine(2, "not-utf-8", "1,2,\u00A3,pv,10"));
    assertThat(inputs.itemChanges().get(0).category()).isEqualTo("\u00A3\uFFFD");
  }

  @Test
  void aFirstLineThatIsNotUtf8IsRefusedToo() throws IOException {
    byte[] pound = "1,2,\u00A3,pv,10\n".getBytes(StandardCharsets.ISO_8859_1);

    assertThat(read(pound).refused())
        .containsExactly(new RefusedLine(1, "not-utf-8", "1,2,\u00A3,pv,10"));
  }

  @Test
  void lineOfAnyLengthTakesBoundedMemoryAndAffectsNoOtherLine() throws IOException {
    byte[] endless = new byte[300_000];
    Arrays.fill(endless, (byte) 'x');
    byte[] longest = new byte[LineReader.MAX_BYTES - utf8("1,2,,pv,10").length];
    Arrays.fill(longest, (byte) 'y');
    Inputs inputs = read(concat(endless, utf8("\n1,2,"), longest, utf8(",pv,10\n1,2,3,pv,10\n")));

    assertThat(inputs.report().refused()).isEqualTo(Map.of("line-too-long", 1L));
    assertThat(inputs.refused().get(0).raw()).isEqualTo("x".repeat(LineReader.MAX_BYTES));
    assertThat(inputs.events()).extracting(Event::eventId).containsExactly("2", "3");
  }

  @Test
  void aLimitCountsLinesAfterTheHeader() throws IOException {
    Path file = write(utf8("user,item,category,behavior,timestamp\nbad\n" + THREE_LINES));
    Inputs inputs = Inputs.readAll(FileInput.of(file, ReplayFormat.USER_BEHAVIOR, 2));

    assertThat(inputs.report().linesRead()).isEqualTo(2);
    assertThat(inputs.refused()).hasSize(1);
    assertThat(inputs.events()).hasSize(1);
  }

  @Test
  void anInputCanBeOpenedAgain() throws IOException {
    Path file = write(utf8(THREE_LINES));
    EventInput input = FileInput.of(file, ReplayFormat.USER_BEHAVIOR, FileInput.ALL);

    assertThat(Inputs.readAll(input)).isEqualTo(Inputs.readAll(input));
  }

  @Test
  void aFileOfAnotherFormatIsRefusedAsAWhole() throws IOException {
    Path file = write(utf8(THREE_LINES));
    EventInput input = FileInput.of(file, ReplayFormat.ONLINE_RETAIL, FileInput.ALL);

    assertThatThrownBy(() -> Inputs.readAll(input))
        .isInstanceOf(EventStreamException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("InvoiceNo,StockCode");
  }

  @Test
  void truncatedFileFailsWithItsLastLineNumber() throws IOException {
    byte[] whole = gzip(utf8(THREE_LINES.repeat(50_000)));
    byte[] half = Arrays.copyOf(whole, whole.length / 2);

    assertThatExceptionOfType(EventStreamException.class)
        .isThrownBy(() -> read(half))
        .withMessageContaining("input")
        .withMessageContaining("after line ");
  }

  @Test
  void aMissingFileIsNamed() {
    Path file = directory.resolve("nowhere.csv");
    EventInput input = FileInput.of(file, ReplayFormat.USER_BEHAVIOR, FileInput.ALL);

    assertThatExceptionOfType(EventStreamException.class)
        .isThrownBy(() -> Inputs.readAll(input))
        .withMessage("there is no file " + file);
  }

  private Inputs read(byte[] content) throws IOException {
    return Inputs.readAll(FileInput.of(write(content), ReplayFormat.USER_BEHAVIOR, FileInput.ALL));
  }

  private Path write(byte[] content) throws IOException {
    return Files.write(Files.createTempFile(directory, "input", ".bin"), content);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] concat(byte[]... parts) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.write(part);
    }
    return all.toByteArray();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(content);
    }
    return compressed.toByteArray();
  }
}
