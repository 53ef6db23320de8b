package io.dimstore.dynamodb;

import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of a position: {@code dynamodb/feed/1/stream/shard/place/iterator}. Stream (its ARN) and
 * iterator are in URL-safe Base64; a part that is not set is {@code -}. Every place has a time in
 * epoch milliseconds of the service. No record that the position still has to find is older than
 * that time, so a position can be told from one whose records were trimmed. The place is one of
 *
 * <ul>
 *   <li>{@code h<time>}: the oldest record of the shard;
 *   <li>{@code l<time>}: the first record of the shard that is not older than the time;
 *   <li>{@code a<sequence number>,<time>}: the record that follows this one;
 *   <li>{@code e<time>,<end>,<child>,…}: the shard was read to its end at the time {@code end}, and
 *       these of its children are followed already. The shard {@code -} stands for the parent of
 *       all shards that have none.
 * </ul>
 *
 * The iterator is where the service last said to go on. It expires after some minutes; the place
 * does not, and leads to the same records or to some before them.
 *
 * @param stream the ARN of the stream
 * @param shard the id of the shard
 * @param place the kind of the place
 * @param since the time, in epoch milliseconds
 * @param after the sequence number, or null
 * @param ended when the shard was read to its end, in epoch milliseconds; 0 for other places
 * @param children the children that are followed already; empty for other places
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

  /** Stands for the parent of shards without one. */
  static final String NO_PARENT = "-";

  private static final String BEGIN = DynamoDbStore.ID + "/feed/1/";
  private static final String NONE = "-";
  private static final Pattern FORM =
      Pattern.compile(
          BEGIN
              + "(?<stream>[\\w-]+)/(?<shard>[\\w.-]+)"
              + "/(?:h(?<first>\\d{1,18})|l(?<latest>\\d{1,18})"
              + "|a(?<after>\\d{1,40}),(?<read>\\d{1,18})"
              + "|e(?<since>\\d{1,18}),(?<ended>\\d{1,18})(?<children>(?:,[\\w.-]+)*))"
              + "/(?<iterator>[\\w-]+)");
  private static final Pattern TABLE = Pattern.compile("arn:.*:table/([^/]+)/stream/.+");

  FeedToken {
    children = List.copyOf(children);
  }

  /** The oldest record of a shard, where no record that is looked for is older than the time. */
  static FeedToken horizon(String stream, String shard, long since) {
    return new FeedToken(stream, shard, Place.HORIZON, since, null, 0, List.of(), null);
  }

  /** What comes after a time in a shard. */
  static FeedToken latest(String stream, String shard, long since, String iterator) {
    return new FeedToken(stream, shard, Place.LATEST, since, null, 0, List.of(), iterator);
  }

  /** What comes after a shard that was read to its end. */
  static FeedToken end(String stream, String shard, long since, long ended, List<String> children) {
    return new FeedToken(stream, shard, Place.END, since, null, ended, children, null);
  }

  /** The same place, reached by another iterator. */
  FeedToken through(String nextIterator) {
    return new FeedToken(stream, shard, place, since, after, ended, children, nextIterator);
  }

  /** What comes after a record. */
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
    return new FeedPosition(
        BEGIN
            + String.join(
                "/", base64(stream), shard, where, iterator == null ? NONE : base64(iterator)));
  }

  /**
   * The parts of a position that this store made for this table.
   *
   * @throws StoreException INVALID for any other text
   */
  static FeedToken of(FeedPosition position, String table) {
    Matcher text = FORM.matcher(position.token());
    if (!text.matches()) {
      throw refused(position, "it is not of this store's form");
    }
    String stream = text(text.group("stream"), position);
    Matcher arn = TABLE.matcher(stream);
    if (!arn.matches() || !arn.group(1).equals(table)) {
      throw refused(position, "it belongs to the stream " + stream);
    }
    String iterator =
        text.group("iterator").equals(NONE) ? null : text(text.group("iterator"), position);
    String shard = text.group("shard");
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

  private static StoreException refused(FeedPosition position, String why) {
    return StoreException.invalid(
        "No position in the changes of this DynamoDB table: '"
            + position.token()
            + "': "
            + why
            + ".");
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(String base64, FeedPosition position) {
    try {
      return new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw refused(position, "it is damaged");
    }
  }
}
