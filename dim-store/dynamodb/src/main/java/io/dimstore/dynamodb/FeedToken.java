package io.dimstore.dynamodb;

import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of a position: {@code dynamodb/feed/1/stream/shard/place/iterator}. Stream (its ARN) and
 * iterator are in URL-safe Base64; a part that is not set is {@code -}. The place is one of
 *
 * <ul>
 *   <li>{@code h}: the oldest record of the shard, whatever that is;
 *   <li>{@code h} and epoch milliseconds: its first record, none of which is older than this;
 *   <li>{@code l} and epoch milliseconds: what came after this time;
 *   <li>{@code a} and a sequence number: what comes after this record;
 *   <li>{@code e}: the shard was read to its end.
 * </ul>
 *
 * The iterator is where the service last said to go on. It expires after some minutes; the place
 * does not, and leads to the same records or to some before them.
 *
 * @param stream the ARN of the stream
 * @param shard the id of the shard
 * @param place the kind of the place
 * @param since epoch milliseconds, or {@link #UNKNOWN}
 * @param after the sequence number, or null
 * @param iterator a shard iterator, or null
 */
record FeedToken(
    String stream,
    String shard,
    Place place,
    long since,
    @Nullable String after,
    @Nullable String iterator) {

  /** The kinds of places. */
  enum Place {
    HORIZON('h'),
    LATEST('l'),
    AFTER('a'),
    END('e');

    private final char letter;

    Place(char letter) {
      this.letter = letter;
    }
  }

  static final long UNKNOWN = -1;

  private static final String BEGIN = DynamoDbStore.ID + "/feed/1/";
  private static final String NONE = "-";
  private static final Pattern FORM =
      Pattern.compile(
          BEGIN
              + "(?<stream>[\\w-]+)/(?<shard>[\\w.-]+)"
              + "/(?:h(?<first>\\d{1,18})?|l(?<latest>\\d{1,18})|a(?<after>\\d{1,40})|(?<end>e))"
              + "/(?<iterator>[\\w-]+)");
  private static final Pattern TABLE = Pattern.compile("arn:.*:table/([^/]+)/stream/.+");

  static FeedToken horizon(String stream, String shard, long since) {
    return new FeedToken(stream, shard, Place.HORIZON, since, null, null);
  }

  static FeedToken latest(String stream, String shard, long since, String iterator) {
    return new FeedToken(stream, shard, Place.LATEST, since, null, iterator);
  }

  FeedToken goingOn(@Nullable String lastRead, String nextIterator) {
    return lastRead == null
        ? new FeedToken(stream, shard, place, since, after, nextIterator)
        : new FeedToken(stream, shard, Place.AFTER, UNKNOWN, lastRead, nextIterator);
  }

  FeedToken ended() {
    return new FeedToken(stream, shard, Place.END, UNKNOWN, null, null);
  }

  FeedPosition toPosition() {
    String where =
        switch (place) {
          case HORIZON -> since == UNKNOWN ? "" : Long.toString(since);
          case LATEST -> Long.toString(since);
          case AFTER -> String.valueOf(after);
          case END -> "";
        };
    return new FeedPosition(
        BEGIN
            + String.join(
                "/",
                base64(stream),
                shard,
                place.letter + where,
                iterator == null ? NONE : base64(iterator)));
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
    if (text.group("end") != null) {
      return new FeedToken(stream, shard, Place.END, UNKNOWN, null, null);
    }
    if (text.group("after") != null) {
      return new FeedToken(stream, shard, Place.AFTER, UNKNOWN, text.group("after"), iterator);
    }
    if (text.group("latest") != null) {
      return new FeedToken(
          stream, shard, Place.LATEST, Long.parseLong(text.group("latest")), null, iterator);
    }
    String first = text.group("first");
    return new FeedToken(
        stream,
        shard,
        Place.HORIZON,
        first == null ? UNKNOWN : Long.parseLong(first),
        null,
        iterator);
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
