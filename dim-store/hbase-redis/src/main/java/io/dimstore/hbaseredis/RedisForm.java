package io.dimstore.hbaseredis;

import io.dimstore.spi.Projection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table's entries between the packed form, which the store deals in, and the form that they have
 * in Redis. Thread-safe.
 */
final class RedisForm {

  private final RedisFormat format;
  private final TextEntries texts;

  RedisForm(Layout layout) {
    this.format = layout.redisFormat();
    this.texts = new TextEntries(layout);
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
    boolean lease = entry.length > 1 && entry[1] == EntryCodec.LEASE;
    if (format == RedisFormat.PACKED || lease || !EntryCodec.isKnown(entry)) {
      return entry;
    }
    return format == RedisFormat.JSON ? texts.toJson(entry) : texts.toHash(entry);
  }

  /** Whether entries are sent with the tag of the reign; hashes are given theirs by the scripts. */
  boolean isTagged() {
    return format != RedisFormat.HASH;
  }

  /**
   * Reads a string.
   *
   * @param exact whether what would be written in another way is to be read as what it is: no entry
   */
  byte[] ofString(byte[] text, boolean exact) {
    return format == RedisFormat.PACKED ? text : checked(text, texts.ofJson(text), exact);
  }

  /**
   * Reads one hash.
   *
   * @param fields the fields that were asked for; empty for all
   * @param values their values, or all fields and values in turn
   * @param exact as in {@link #ofString}
   */
  byte @Nullable [] ofHash(List<byte[]> fields, List<?> values, boolean exact) {
    List<byte @Nullable []> pairs = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      if (!fields.isEmpty()) {
        pairs.add(fields.get(i));
      }
      pairs.add((byte[]) values.get(i));
    }
    byte[] entry = texts.ofHash(pairs);
    return entry == null || !exact ? entry : checked(TextEntries.raw(pairs), entry, true);
  }

  private byte[] checked(byte[] text, byte[] entry, boolean exact) {
    return exact && texts.isOurs(entry) && !isSame(text, written(entry)) ? text : entry;
  }

  private boolean isSame(byte[] text, byte[] written) {
    return format == RedisFormat.HASH
        ? TextEntries.sameFields(text, written)
        : Arrays.equals(text, written);
  }
}
