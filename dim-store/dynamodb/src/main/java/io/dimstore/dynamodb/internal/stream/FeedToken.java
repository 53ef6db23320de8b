// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.stream;

import io.dimstore.dynamodb.internal.options.DynamoDbOptions;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.support.TokenReader;
import io.dimstore.spi.support.TokenWriter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The content of a feed position's token. Its text is {@code
 * dynamodb/feed/2/stream/shard/place/iterator}. Stream (an ARN) and iterator are URL-encoded; a
 * part without a value is {@code -}. Every place has a time, in epoch milliseconds of the service.
 * No record that is still to be read is older than that time, so a position can be recognized whose
 * records may have been trimmed. The place is one of
 *
 * <ul>
 *   <li>{@code h<time>}: before the oldest record of the shard;
 *   <li>{@code l<time>}: before the first record of the shard that is not older than the time;
 *   <li>{@code a<sequence number>,<time>}: after the record with this number;
 *   <li>{@code e<time>,<end>,<child>,…}: after the end of the shard, which was reached at the time
 *       {@code end}; these of its children have positions already. The shard {@code -} stands for
 *       the parent of all shards without one.
 * </ul>
 *
 * <p>The iterator is the one that the service returned last. It expires after some minutes. The
 * place does not expire, and leads to the same record or to an earlier one.
 *
 * @param stream the ARN of the stream
 * @param shard the id of the shard
 * @param place the kind of the place
 * @param since the time of the place, in epoch milliseconds
 * @param after the sequence number, or null for other places
 * @param ended the time when the end of the shard was reached, in epoch milliseconds; 0 for other
 *     places
 * @param children the children that have positions already; empty for other places
 * @param iterator a shard iterator, or null
 */
record FeedToken(
    String stream,
    String shard,
    Place place,
    long since,
    @Nullable String after,
    long ended,
    List<String> children,
    @Nullable String iterator) {

  /** The kinds of places. */
  enum Place {
    HORIZON,
    LATEST,
    AFTER,
    END
  }

  /** The id that stands for the parent of shards without one. */
  static final String NO_PARENT = "-";

  private static final String FORMAT = DynamoDbOptions.STORE_ID + "/feed/2";
  private static final Pattern SHARD = Pattern.compile("[\\w.-]+");
  private static final Pattern PLACE =
      Pattern.compile(
          "h(?<first>\\d{1,18})|l(?<latest>\\d{1,18})"
              + "|a(?<after>\\d{1,40}),(?<read>\\d{1,18})"
              + "|e(?<since>\\d{1,18}),(?<ended>\\d{1,18})(?<children>(?:,[\\w.-]+)*)");
  private static final Pattern TABLE = Pattern.compile("arn:.*:table/([^/]+)/stream/.+");

  FeedToken {
    children = List.copyOf(children);
  }

  /**
   * Returns the position before the oldest record of a shard. No record to be read is older than
   * the time.
   */
  static FeedToken horizon(String stream, String shard, long since) {
    return new FeedToken(stream, shard, Place.HORIZON, since, null, 0, List.of(), null);
  }

  /** Returns the position before the first record of a shard that is not older than the time. */
  static FeedToken latest(String stream, String shard, long since, String iterator) {
    return new FeedToken(stream, shard, Place.LATEST, since, null, 0, List.of(), iterator);
  }

  /** Returns the position after the end of a shard. */
  static FeedToken end(String stream, String shard, long since, long ended, List<String> children) {
    return new FeedToken(stream, shard, Place.END, since, null, ended, children, null);
  }

  /** Returns the same place with another iterator. */
  FeedToken through(String nextIterator) {
    return new FeedToken(stream, shard, place, since, after, ended, children, nextIterator);
  }

  /** Returns the position after a record of the same shard. */
  FeedToken after(String lastRead, long readSince, String nextIterator) {
    return new FeedToken(
        stream, shard, Place.AFTER, readSince, lastRead, 0, List.of(), nextIterator);
  }

  FeedPosition toPosition() {
    String where =
        switch (place) {
          case HORIZON -> "h" + since;
          case LATEST -> "l" + since;
          case AFTER -> "a" + after + "," + since;
          case END ->
              "e"
                  + since
                  + ","
                  + ended
                  + (children.isEmpty() ? "" : ",")
                  + String.join(",", children);
        };
    return new TokenWriter(FORMAT)
        .text(stream)
        .part(shard)
        .part(where)
        .textOrNull(iterator)
        .position();
  }

  /**
   * Parses the token of a position that this store created for this table.
   *
   * @throws StoreException INVALID for any other text
   */
  static FeedToken of(FeedPosition position, String table) {
    TokenReader token = new TokenReader(position, FORMAT, 4);
    String stream = token.text();
    Matcher arn = TABLE.matcher(stream);
    if (!arn.matches() || !arn.group(1).equals(table)) {
      throw token.refused("it belongs to the stream " + stream);
    }
    String shard = token.part();
    Matcher text = PLACE.matcher(token.part());
    if (!SHARD.matcher(shard).matches() || !text.matches()) {
      throw token.refused("it does not name a place in a shard");
    }
    String iterator = token.textOrNull();
    if (text.group("ended") != null) {
      String children = text.group("children");
      return end(
          stream,
          shard,
          Long.parseLong(text.group("since")),
          Long.parseLong(text.group("ended")),
          children.isEmpty() ? List.of() : List.of(children.substring(1).split(",")));
    }
    String after = text.group("after");
    Place place =
        after != null ? Place.AFTER : text.group("latest") != null ? Place.LATEST : Place.HORIZON;
    String since =
        text.group(
            switch (place) {
              case AFTER -> "read";
              case LATEST -> "latest";
              default -> "first";
            });
    return new FeedToken(
        stream, shard, place, Long.parseLong(since), after, 0, List.of(), iterator);
  }
}
