// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.script;

import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.hbaseredis.internal.options.EntryFormat;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The scripts that run inside Redis. Each compares and changes keys atomically. The head of each
 * Lua file describes its KEYS and ARGV and what it returns. The text of a script is the Lua file of
 * the entry format followed by its own file.
 */
public enum Scripts {
  /** Takes leases on keys that do not exist. */
  LEASE("packed", "lease"),
  /** {@link #LEASE} for entries in JSON. */
  LEASE_JSON("json", "lease"),
  /** {@link #LEASE} for entries that are hashes. */
  LEASE_HASH("hash", "lease"),
  /** Reconciles entries with HBase. */
  RECONCILE("packed", "reconcile"),
  /** {@link #RECONCILE} for entries in JSON. */
  RECONCILE_JSON("json", "reconcile"),
  /** {@link #RECONCILE} for entries that are hashes. */
  RECONCILE_HASH("hash", "reconcile"),
  /** Removes entries that have not changed. */
  REMOVE("packed", "remove"),
  /** {@link #REMOVE} for entries in JSON. */
  REMOVE_JSON("json", "remove"),
  /** {@link #REMOVE} for entries that are hashes. */
  REMOVE_HASH("hash", "remove"),
  /** Fences rows. Fences are the same in every format. */
  FENCE("epoch", "fence"),
  /** Reads entries that are hashes. */
  READ_HASH("hash-epoch", "read-hash");

  /**
   * In the arguments of {@link #RECONCILE}, stands for a key's lease that equals the common lease.
   */
  public static final String SAME_LEASE = "=";

  private final byte[] source;
  private final byte[] sha;

  Scripts(String format, String script) {
    this.source = Utf8.encode(LuaFiles.text(format) + LuaFiles.text(script));
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1").digest(this.source);
      this.sha = Utf8.encode(HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-1", e);
    }
  }

  /** Returns the script's text. Not to be changed. */
  public byte[] source() {
    return source;
  }

  /**
   * Returns the name of the script in Redis' script cache: the hexadecimal SHA-1 of the text. Not
   * to be changed.
   */
  public byte[] sha() {
    return sha;
  }

  /** Returns the script that takes leases, for entries of this format. */
  public static Scripts lease(EntryFormat format) {
    return switch (format) {
      case PACKED -> LEASE;
      case HASH -> LEASE_HASH;
      case JSON -> LEASE_JSON;
    };
  }

  /** Returns the script that reconciles entries of this format with HBase. */
  public static Scripts reconcile(EntryFormat format) {
    return switch (format) {
      case PACKED -> RECONCILE;
      case HASH -> RECONCILE_HASH;
      case JSON -> RECONCILE_JSON;
    };
  }

  /** Returns the script that removes entries of this format. */
  public static Scripts remove(EntryFormat format) {
    return switch (format) {
      case PACKED -> REMOVE;
      case HASH -> REMOVE_HASH;
      case JSON -> REMOVE_JSON;
    };
  }
}
