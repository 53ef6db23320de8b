// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Projection;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the token of a split or of a position in a feed, part by part, in the order in which {@link
 * TokenWriter} wrote them. Every method fails INVALID where the text is not the part that it reads
 * (R9h, F5b). Not thread-safe.
 */
public final class TokenReader {

  private final String what;
  private final String[] parts;
  private int next;

  /**
   * Begins to read the token of a split.
   *
   * @param format the store's id and the version of the format
   * @param count the number of parts after the format
   * @throws StoreException INVALID if the token has another format or another number of parts
   */
  public TokenReader(ScanSplit split, String format, int count) {
    this("Split '", split.token(), format, count);
  }

  /**
   * Begins to read the token of a position in a feed.
   *
   * @param format the store's id, {@code feed} and the version of the format
   * @param count the number of parts after the format
   * @throws StoreException INVALID if the token has another format or another number of parts
   */
  public TokenReader(FeedPosition position, String format, int count) {
    this("Position '", position.token(), format, count);
  }

  private TokenReader(String kind, String token, String format, int count) {
    this.what = kind + token + "'";
    String begin = format + "/";
    this.parts =
        token.startsWith(begin) ? token.substring(begin.length()).split("/", -1) : new String[0];
    if (parts.length != count) {
      throw refused("it does not have the format " + format);
    }
  }

  /** Reads a part as it is. */
  public String part() {
    return parts[next++];
  }

  /** Reads a text. */
  public String text() {
    return read(part -> URLDecoder.decode(part, StandardCharsets.UTF_8));
  }

  /** Reads a text, or null. */
  public @Nullable String textOrNull() {
    if (parts[next].equals(TokenWriter.NONE)) {
      next++;
      return null;
    }
    return text();
  }

  /** Reads a number. */
  public int number() {
    return read(Integer::parseInt);
  }

  /** Reads a number that may be larger than an int. */
  public long longNumber() {
    return read(Long::parseLong);
  }

  /** Reads a flag. */
  public boolean flag() {
    return part().equals(TokenWriter.TRUE);
  }

  /**
   * Reads columns.
   *
   * @param count the number of value columns of the table
   */
  public Projection columns(int count) {
    Projection columns =
        read(
            part ->
                Projection.of(
                    part.equals(TokenWriter.NONE)
                        ? new int[0]
                        : Arrays.stream(part.split("\\.", -1))
                            .mapToInt(Integer::parseInt)
                            .toArray()));
    for (int i = 0; i < columns.size(); i++) {
      if (columns.index(i) < 0 || columns.index(i) >= count) {
        throw refused("the table has " + count + " value columns");
      }
    }
    return columns;
  }

  /** Reads bytes. */
  public byte[] bytes() {
    return read(HexFormat.of()::parseHex);
  }

  /** Reads bytes, or null. */
  public byte @Nullable [] bytesOrNull() {
    return parts[next].equals(TokenWriter.NONE) ? skip() : bytes();
  }

  private byte @Nullable [] skip() {
    next++;
    return null;
  }

  private <T> T read(Function<String, T> parser) {
    String part = part();
    try {
      return parser.apply(part);
    } catch (IllegalArgumentException e) {
      throw refused("'" + part + "' cannot be read");
    }
  }

  /** Returns the exception that refuses the split or position. */
  public StoreException refused(String why) {
    return StoreException.invalid(what + " is refused: " + why);
  }
}
