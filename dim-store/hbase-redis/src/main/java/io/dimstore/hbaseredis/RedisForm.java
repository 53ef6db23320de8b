package io.dimstore.hbaseredis;

import io.dimstore.spi.Projection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table's entries between the packed form, which the store deals in, and the form that they have
 * in Redis; and what they say of their rows. Thread-safe.
 */
final class RedisForm {

  private final RedisFormat format;
  private final TextEntries texts;
  private final EntryCodec entries;
  private final Meter meter;

  RedisForm(Layout layout, EntryCodec entries, Meter meter) {
    this.format = layout.redisFormat();
    this.texts = new TextEntries(layout);
    this.entries = entries;
    this.meter = meter;
  }

  RedisFormat format() {
    return format;
  }

  /** The fields of hashes that say what a row has in these columns. */
  List<byte[]> fields(Projection columns) {
    return texts.fields(columns);
  }

  /** An entry as it is written; a hash as {@link TextEntries#toHash} has it. */
  byte[] written(byte[] entry) {
    if (format == RedisFormat.PACKED || EntryCodec.isLease(entry) || !EntryCodec.isKnown(entry)) {
      return entry;
    }
    return format == RedisFormat.JSON ? texts.toJson(entry) : texts.toHash(entry);
  }

  /** Whether entries are sent with the tag of the reign; hashes are given theirs by the scripts. */
  boolean isTagged() {
    return format != RedisFormat.HASH;
  }

  /**
   * The entry that a string is, as it stands in Redis. What would be written in another way is read
   * as what it is: no entry.
   */
  byte[] entry(byte[] tagged) {
    byte[] text = Reign.untagged(tagged);
    return format == RedisFormat.PACKED ? text : checked(text, texts.ofJson(text));
  }

  /** The entry that a hash is, by all its fields and values in turn; as {@link #entry}. */
  byte @Nullable [] entryOfHash(List<?> pairs) {
    List<byte @Nullable []> all = new ArrayList<>();
    for (Object part : pairs) {
      all.add((byte[]) part);
    }
    byte[] entry = texts.ofHash(all);
    return entry == null ? null : checked(TextEntries.raw(all), entry);
  }

  private byte[] checked(byte[] text, byte[] entry) {
    return entries.isOurs(entry) && !isSame(text, written(entry)) ? text : entry;
  }

  private boolean isSame(byte[] text, byte[] written) {
    return format == RedisFormat.HASH
        ? TextEntries.sameFields(text, written)
        : Arrays.equals(text, written);
  }

  /**
   * What a string, as it stands in Redis, says of its row: null where it does not, and HBase has to
   * be asked.
   */
  @Nullable Stored stored(byte[] tagged, Projection columns) {
    return format == RedisFormat.PACKED
        ? decode(tagged, tagged.length - Reign.BYTES, columns)
        : decode(texts.ofJson(Reign.untagged(tagged)), columns);
  }

  /**
   * What a hash says of its row, as {@link #stored}.
   *
   * @param fields the {@link #fields} of these columns
   * @param values theirs
   */
  @Nullable Stored storedInHash(List<byte[]> fields, List<?> values, Projection columns) {
    List<byte @Nullable []> pairs = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      pairs.add(fields.get(i));
      pairs.add((byte[]) values.get(i));
    }
    byte[] entry = texts.ofHash(pairs);
    return entry == null ? null : decode(entry, columns);
  }

  private @Nullable Stored decode(byte[] entry, Projection columns) {
    return decode(entry, entry.length, columns);
  }

  private @Nullable Stored decode(byte[] entry, int length, Projection columns) {
    try {
      return entries.decode(entry, length, columns);
    } catch (RuntimeException e) {
      // A copy that cannot be read is no copy: the truth answers.
      meter.count("redis.corrupt", 1);
      return null;
    }
  }
}
