// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.options;

/** How the bytes of a key become a row key; the values of option {@code key-codec}. */
public enum KeyCodecKind {
  /** The key's bytes, unchanged. */
  PLAIN,
  /** One byte, the bucket, before the key's bytes. */
  SALTED,
  /** Text with its characters reversed; other keys with their bytes reversed. */
  REVERSED,
  /** The first bytes of the MD5 of the key's bytes, before them. */
  MD5_PREFIX,
  /** The first hexadecimal digits, in lower case, of the MD5 of the key's bytes, before them. */
  MD5_HEX_PREFIX;

  /** The most buckets that a salted key can have. */
  public static final int MAX_BUCKETS = 256;
}
