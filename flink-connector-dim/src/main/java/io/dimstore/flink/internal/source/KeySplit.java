// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes keys that are asked for as the token of a split: {@code keys:1:} and the bytes of {@link
 * KeyCodec} in URL-safe Base64, separated by commas. The token of a store's split begins with the
 * store's id and a slash, so it is never such a token.
 */
final class KeySplit {

  private static final String FORMAT = "keys:1:";

  private KeySplit() {}

  static boolean isToken(String token) {
    return token.startsWith(FORMAT);
  }

  static String token(List<byte[]> keys) {
    return keys.stream()
        .map(key -> Base64.getUrlEncoder().withoutPadding().encodeToString(key))
        .collect(Collectors.joining(",", FORMAT, ""));
  }

  /** Returns the tokens of about as many splits, of equal size, as the keys fill pages. */
  static List<String> tokens(List<byte[]> keys, int desired, int pageSize) {
    int pages = (keys.size() + pageSize - 1) / pageSize;
    int count = Math.min(desired, pages);
    List<String> tokens = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int begin = (int) ((long) keys.size() * i / count);
      int end = (int) ((long) keys.size() * (i + 1) / count);
      tokens.add(token(keys.subList(begin, end)));
    }
    return tokens;
  }

  /**
   * Returns the encoded keys of a token.
   *
   * @throws IllegalArgumentException if it is not Base64
   */
  static List<byte[]> encoded(String token) {
    return Arrays.stream(token.substring(FORMAT.length()).split(","))
        .map(key -> Base64.getUrlDecoder().decode(key))
        .toList();
  }

  /** Decodes keys. */
  static List<Key> keys(List<byte[]> encoded, KeyCodec codec) {
    return encoded.stream().map(codec::decode).toList();
  }
}
