// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.replay;

import io.dimstore.events.input.RecordSource;
import io.dimstore.events.record.EventStreamException;
import io.dimstore.events.record.RefusedLine;
import io.dimstore.events.record.StreamRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a file once: maps its lines to records and counts the refused lines. */
final class FileSource implements RecordSource {

  private final Path file;
  private final LineReader lines;
  private final LineMapping mapping;
  private final long limit;
  private final Consumer<RefusedLine> refusedLines;
  private final Map<String, Long> refused = new TreeMap<>();
  private LineReader.@Nullable Line firstRow;
  private long linesRead;

  FileSource(
      Path file,
      LineReader lines,
      LineMapping mapping,
      long limit,
      Consumer<RefusedLine> refusedLines)
      throws IOException {
    this.file = file;
    this.lines = lines;
    this.mapping = mapping;
    this.limit = limit;
    this.refusedLines = refusedLines;
    this.firstRow = skipHeader();
  }

  @Override
  public boolean next(Consumer<StreamRecord> out) throws IOException {
    if (linesRead >= limit) {
      return false;
    }
    LineReader.Line line = firstRow == null ? lines.next() : firstRow;
    firstRow = null;
    if (line == null) {
      return false;
    }
    linesRead++;
    try {
      if (line.problem() != null) {
        throw new Refusal(line.problem());
      }
      mapping.map(linesRead, CsvLine.split(line.text(), mapping.fields()), out);
    } catch (Refusal refusal) {
      refused.merge(refusal.reason(), 1L, Long::sum);
      refusedLines.accept(new RefusedLine(linesRead, refusal.reason(), line.text()));
    }
    return true;
  }

  @Override
  public long linesRead() {
    return linesRead;
  }

  @Override
  public Map<String, Long> refused() {
    return refused;
  }

  @Override
  public String position() {
    return file + " after line " + linesRead;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  /** Returns the first line if it is a row and not a header; otherwise returns null. */
  private LineReader.@Nullable Line skipHeader() throws IOException {
    LineReader.Line first = lines.next();
    String text = first == null ? "" : first.text();
    if (text.startsWith("\uFEFF")) {
      text = text.substring(1);
    }
    if (mapping.isHeader(text)) {
      return null;
    }
    if (mapping.requiredHeader() != null) {
      throw new EventStreamException(
          file
              + " is not of this format: its first line should be '"
              + mapping.requiredHeader()
              + "'");
    }
    return first == null ? null : new LineReader.Line(text, first.problem());
  }
}
