package io.dimstore.dynamodb;

import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The text of a split: {@code dynamodb/1/table/segment/segments/tombstones/columns/from/to/start},
 * where columns are positions with dots between, from and to are the bytes of {@link
 * io.dimstore.spi.KeyCodec}, and start is the primary key after which to go on, each attribute as
 * {@code name.type.value}, with commas between. Names, values and bytes are in URL-safe Base64; a
 * part that is not set is {@code -}.
 *
 * @param table the name of the table in the service
 * @param segment the segment of the table, from 0
 * @param segments how many there are
 * @param tombstones whether tombstones are returned
 * @param columns the projected columns
 * @param from the lowest key, or null
 * @param to the end of the keys, exclusive, or null
 * @param start the key at which the page before ended, or null at the beginning
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

  private static final String BEGIN = DynamoDbStore.ID + "/1/";
  private static final String NONE = "-";

  SplitToken startingAfter(Map<String, AttributeValue> key) {
    return new SplitToken(table, segment, segments, tombstones, columns, from, to, key);
  }

  ScanSplit toSplit() {
    return new ScanSplit(
        BEGIN
            + String.join(
                "/",
                table,
                Integer.toString(segment),
                Integer.toString(segments),
                tombstones ? "t" : NONE,
                columns.length == 0
                    ? NONE
                    : IntStream.of(columns)
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(".")),
                from == null ? NONE : "b" + base64(from),
                to == null ? NONE : "b" + base64(to),
                start == null
                    ? NONE
                    : start.entrySet().stream()
                        .map(entry -> attribute(entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining(","))));
  }

  /**
   * The parts of a split that this store made for this table.
   *
   * @throws StoreException INVALID for any other text
   */
  static SplitToken of(ScanSplit split, String table) {
    String text = split.token();
    String[] parts = text.startsWith(BEGIN) ? text.substring(BEGIN.length()).split("/", -1) : null;
    if (parts == null || parts.length != 8) {
      throw refused(text, null);
    }
    if (!parts[0].equals(table)) {
      throw StoreException.invalid(
          "A split of DynamoDB table "
              + parts[0]
              + " is no split of table "
              + table
              + ": '"
              + text
              + "'");
    }
    try {
      SplitToken token =
          new SplitToken(
              table,
              Integer.parseInt(parts[1]),
              Integer.parseInt(parts[2]),
              parts[3].equals("t"),
              parts[4].equals(NONE)
                  ? new int[0]
                  : Arrays.stream(parts[4].split("\\.")).mapToInt(Integer::parseInt).toArray(),
              parts[5].equals(NONE) ? null : bytes(parts[5].substring(1)),
              parts[6].equals(NONE) ? null : bytes(parts[6].substring(1)),
              parts[7].equals(NONE) ? null : start(parts[7]));
      if (token.segment < 0 || token.segment >= token.segments) {
        throw refused(text, null);
      }
      return token;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw refused(text, e);
    }
  }

  private static StoreException refused(String text, @Nullable Throwable cause) {
    return new StoreException(
        StoreException.Kind.INVALID, "No split of a DynamoDB table: '" + text + "'", cause);
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
