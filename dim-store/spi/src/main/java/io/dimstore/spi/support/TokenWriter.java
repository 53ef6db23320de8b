// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Projection;
import io.dimstore.spi.ScanSplit;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the token of a split or of a position in a feed: the format, and then parts separated by
 * slashes. {@link TokenReader} reads them in the same order. A part without a value is {@code -}.
 * Not thread-safe.
 */
public final class TokenWriter {

  static final String NONE = "-";
  static final String TRUE = "t";

  private final StringBuilder token;

  /**
   * Begins a token.
   *
   * @param format the store's id and the version of the format, such as {@code memory/1}
   */
  public TokenWriter(String format) {
    this.token = new StringBuilder(format);
  }

  /** Adds a part that has no slash. */
  public TokenWriter part(String value) {
    token.append('/').append(value);
    return this;
  }

  /** Adds a text, which is URL-encoded. */
  public TokenWriter text(String value) {
    return part(URLEncoder.encode(value, StandardCharsets.UTF_8));
  }

  /** Adds a text, or {@code -} for null. The text {@code -} itself is read as null. */
  public TokenWriter textOrNull(@Nullable String value) {
    return value == null ? part(NONE) : text(value);
  }

  /** Adds a number. */
  public TokenWriter number(long value) {
    return part(Long.toString(value));
  }

  /** Adds a flag: {@code t}, or {@code -} for false. */
  public TokenWriter flag(boolean value) {
    return part(value ? TRUE : NONE);
  }

  /** Adds the positions of columns, separated by dots, or {@code -} for none. */
  public TokenWriter columns(Projection columns) {
    return part(
        columns.size() == 0
            ? NONE
            : IntStream.range(0, columns.size())
                .mapToObj(i -> Integer.toString(columns.index(i)))
                .collect(Collectors.joining(".")));
  }

  /** Adds bytes in hexadecimal, or {@code -} for null. */
  public TokenWriter bytes(byte @Nullable [] value) {
    return part(value == null ? NONE : HexFormat.of().formatHex(value));
  }

  /** Returns the split that has this token. */
  public ScanSplit split() {
    return new ScanSplit(token.toString());
  }

  /** Returns the position that has this token. */
  public FeedPosition position() {
    return new FeedPosition(token.toString());
  }
}
