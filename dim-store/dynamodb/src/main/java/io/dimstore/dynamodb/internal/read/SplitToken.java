// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import io.dimstore.dynamodb.internal.options.DynamoDbOptions;
import io.dimstore.spi.Projection;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.support.TokenReader;
import io.dimstore.spi.support.TokenWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The content of a split's token. Its text is {@code
 * dynamodb/2/table/segment/segments/tombstones/columns/from/to/start}. {@link TokenWriter} writes
 * it. From and to are bytes of {@link io.dimstore.spi.KeyCodec}. Start is the primary key after
 * which the scan continues: its attributes as {@code name.type.value}, separated by commas, with
 * names and values in URL-safe Base64.
 *
 * @param table the name of the table in the service
 * @param segment the segment of the table, from 0
 * @param segments the number of segments; 0 if a query reads the range, because all its keys are in
 *     one partition
 * @param tombstones whether tombstones are returned
 * @param columns the positions of the projected columns
 * @param from the lowest key, inclusive, or null for no limit
 * @param to the end of the keys, exclusive, or null for no limit
 * @param start the key at which the previous page ended, or null at the beginning
 */
record SplitToken(
    String table,
    int segment,
    int segments,
    boolean tombstones,
    int[] columns,
    byte @Nullable [] from,
    byte @Nullable [] to,
    @Nullable Map<String, AttributeValue> start) {

  private static final String FORMAT = DynamoDbOptions.STORE_ID + "/2";
  private static final int PARTS = 8;
  private static final String NONE = "-";

  SplitToken startingAfter(Map<String, AttributeValue> key) {
    return new SplitToken(table, segment, segments, tombstones, columns, from, to, key);
  }

  ScanSplit toSplit() {
    return new TokenWriter(FORMAT)
        .text(table)
        .number(segment)
        .number(segments)
        .flag(tombstones)
        .columns(Projection.of(columns))
        .bytes(from)
        .bytes(to)
        .part(
            start == null
                ? NONE
                : start.entrySet().stream()
                    .map(entry -> attribute(entry.getKey(), entry.getValue()))
                    .collect(Collectors.joining(",")))
        .split();
  }

  /**
   * Parses the token of a split that this store created for this table.
   *
   * @throws StoreException INVALID for any other text
   */
  static SplitToken of(ScanSplit split, String table) {
    TokenReader token = new TokenReader(split, FORMAT, PARTS);
    String other = token.text();
    if (!other.equals(table)) {
      throw token.refused("it belongs to DynamoDB table " + other + ", not " + table);
    }
    int segment = token.number();
    int segments = token.number();
    boolean query = segment == 0 && segments == 0;
    if (segment < 0 || (segment >= segments && !query)) {
      throw token.refused("segment " + segment + " is none of " + segments);
    }
    return new SplitToken(
        table,
        segment,
        segments,
        token.flag(),
        positions(token.columns(Integer.MAX_VALUE)),
        token.bytesOrNull(),
        token.bytesOrNull(),
        start(token));
  }

  private static int[] positions(Projection columns) {
    return IntStream.range(0, columns.size()).map(columns::index).toArray();
  }

  private static @Nullable Map<String, AttributeValue> start(TokenReader token) {
    String part = token.part();
    try {
      return part.equals(NONE) ? null : start(part);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw token.refused("'" + part + "' is no primary key");
    }
  }

  private static String attribute(String name, AttributeValue value) {
    String encoded = base64(name.getBytes(StandardCharsets.UTF_8));
    if (value.s() != null) {
      return encoded + ".S." + base64(value.s().getBytes(StandardCharsets.UTF_8));
    }
    return value.n() != null
        ? encoded + ".N." + base64(value.n().getBytes(StandardCharsets.UTF_8))
        : encoded + ".B." + base64(value.b().asByteArrayUnsafe());
  }

  private static Map<String, AttributeValue> start(String text) {
    Map<String, AttributeValue> start = new LinkedHashMap<>();
    for (String attribute : text.split(",", -1)) {
      String[] parts = attribute.split("\\.", -1);
      byte[] value = bytes(parts[2]);
      start.put(
          new String(bytes(parts[0]), StandardCharsets.UTF_8),
          switch (parts[1]) {
            case "S" -> AttributeValue.fromS(new String(value, StandardCharsets.UTF_8));
            case "N" -> AttributeValue.fromN(new String(value, StandardCharsets.UTF_8));
            case "B" -> AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(value));
            default -> throw new IllegalArgumentException(parts[1]);
          });
    }
    return start;
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] bytes(String base64) {
    return Base64.getUrlDecoder().decode(base64);
  }
}
