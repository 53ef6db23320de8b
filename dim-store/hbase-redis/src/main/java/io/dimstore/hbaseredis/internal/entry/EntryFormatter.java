// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.entry;

import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.RowState;
import io.dimstore.hbaseredis.internal.encoding.TextEntries;
import io.dimstore.hbaseredis.internal.options.EntryFormat;
import io.dimstore.hbaseredis.internal.redis.ReplicationEpoch;
import io.dimstore.spi.Projection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Translates a table's entries between the packed format, which the other classes use, and the
 * format in Redis, and decodes them to row states. Thread-safe.
 */
final class EntryFormatter {

  private final EntryFormat format;
  private final TextEntries texts;
  private final EntryCodec entries;
  private final Meter meter;

  EntryFormatter(Layout layout, EntryCodec entries, Meter meter) {
    this.format = layout.redisFormat();
    this.texts = new TextEntries(layout);
    this.entries = entries;
    this.meter = meter;
  }

  EntryFormat format() {
    return format;
  }

  /** Returns the names of the hash fields that are needed to read these columns of a row. */
  List<byte[]> fields(Projection columns) {
    return texts.fields(columns);
  }

  /**
   * Returns an entry in the format of Redis, without the epoch's tag. A hash is returned as by
   * {@link TextEntries#toHash}.
   */
  byte[] written(byte[] entry) {
    if (format == EntryFormat.PACKED
        || EntryCodec.isLeaseOrFence(entry)
        || !EntryCodec.isKnown(entry)) {
      return entry;
    }
    return format == EntryFormat.JSON ? texts.toJson(entry) : texts.toHash(entry);
  }

  /**
   * Whether entries are sent with the tag of the replication epoch. The scripts add it to hashes.
   */
  boolean isTagged() {
    return format != EntryFormat.HASH;
  }

  /**
   * Returns the packed entry of a string in Redis. If this store would write that entry with other
   * bytes, another tool has written the string. It is then returned unchanged, and callers
   * recognize that it is not a packed entry.
   */
  byte[] entry(byte[] tagged) {
    byte[] text = ReplicationEpoch.untagged(tagged);
    return format == EntryFormat.PACKED ? text : checked(text, texts.ofJson(text));
  }

  /**
   * Returns the packed entry of a hash whose field names and values alternate, as {@link #entry};
   * null if there are none.
   */
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
    return format == EntryFormat.HASH
        ? TextEntries.sameFields(text, written)
        : Arrays.equals(text, written);
  }

  /**
   * Decodes a string in Redis to the state of its row. Returns null if it is a lease or a fence, an
   * entry of another layout or not an entry: the caller must then read HBase.
   */
  @Nullable RowState stored(byte[] tagged, Projection columns) {
    return format == EntryFormat.PACKED
        ? decode(tagged, tagged.length - ReplicationEpoch.BYTES, columns)
        : decode(texts.ofJson(ReplicationEpoch.untagged(tagged)), columns);
  }

  /**
   * Decodes a hash to the state of its row, as {@link #stored}.
   *
   * @param fields the {@link #fields} of these columns
   * @param values the values of these fields, null for missing ones
   */
  @Nullable RowState storedInHash(List<byte[]> fields, List<?> values, Projection columns) {
    List<byte @Nullable []> pairs = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      pairs.add(fields.get(i));
      pairs.add((byte[]) values.get(i));
    }
    byte[] entry = texts.ofHash(pairs);
    return entry == null ? null : decode(entry, columns);
  }

  private @Nullable RowState decode(byte[] entry, Projection columns) {
    return decode(entry, entry.length, columns);
  }

  private @Nullable RowState decode(byte[] entry, int length, Projection columns) {
    try {
      return entries.decode(entry, length, columns);
    } catch (RuntimeException e) {
      // An entry that cannot be decoded counts as missing: the caller reads HBase.
      meter.count("redis.corrupt", 1);
      return null;
    }
  }
}
