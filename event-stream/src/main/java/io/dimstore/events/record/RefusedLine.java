// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.record;

/**
 * A line of a file that cannot become an event.
 *
 * @param line number of the line; the first after the header is 1
 * @param reason one of the reasons in {@code docs/event-stream.md}, for instance {@code
 *     unit-price-not-positive}
 * @param raw the line as it is in the file, without its line end. A line that is not UTF-8 is
 *     decoded as ISO-8859-1, so that its bytes can be recovered. Of a line that is too long only
 *     the first 65,536 bytes are kept
 */
public record RefusedLine(long line, String reason, String raw) {}
