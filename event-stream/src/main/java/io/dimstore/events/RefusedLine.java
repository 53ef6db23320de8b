package io.dimstore.events;

/**
 * A line of a file that cannot be an event.
 *
 * @param line its number; the first line after the header is 1
 * @param reason one of the words in {@code docs/event-stream.md}, for instance {@code
 *     unit-price-not-positive}
 * @param raw the line as it stands in the file, without its line end. A line that is not UTF-8 is
 *     decoded as ISO-8859-1, so that its bytes can be had back; of a line that is too long only the
 *     first {@value LineReader#MAX_BYTES} bytes are kept
 */
public record RefusedLine(long line, String reason, String raw) {}
