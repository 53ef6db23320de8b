// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.control;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a mirror treats one table. Immutable.
 *
 * @param primary the side that decides: its failure fails a write, and scans read it
 * @param other whether writes go to the other side too
 * @param readsTo the share of keys whose reads the side {@code to} answers, in basis points, from 0
 *     to {@value #ALL}. The share is chosen by a hash of the key, so that a key's reads stay on one
 *     side. When the share grows, keys that are in it stay in it
 * @param shadow the share of keys whose reads are compared, in basis points
 * @param shadowWith what they are compared with
 * @param series the name under which the counts of comparisons are collected; a new name starts new
 *     counts, for instance after a fault was fixed
 */
public record MirrorMode(
    Side primary, Other other, int readsTo, int shadow, ShadowWith shadowWith, String series) {

  /** All keys, in basis points. */
  public static final int ALL = 10_000;

  private static final Pattern SERIES = Pattern.compile("[A-Za-z0-9._-]{1,40}");

  /** The mode of a table without a record: only {@code from} is used. */
  public static final MirrorMode BEFORE =
      new MirrorMode(Side.FROM, Other.UNUSED, 0, 0, ShadowWith.OTHER, "0");

  private static final String FORMAT = "dimstore-mirror-mode/1";

  /** One of the two stores of a mirror. */
  public enum Side {
    /** The store that the options {@code from.*} describe. */
    FROM,
    /** The store that the options {@code to.*} describe. */
    TO;

    /** Returns the other side. */
    public Side other() {
      return this == FROM ? TO : FROM;
    }
  }

  /** Whether writes go to the side that is not the primary. */
  public enum Other {
    /** Neither written nor read. */
    UNUSED,
    /** Written; a write that fails there leaves an intent and succeeds. */
    WRITTEN,
    /**
     * Written; a write that fails there leaves an intent and fails. While all processes require
     * both sides, no acknowledged write is missing on either, so that the primary can change.
     */
    REQUIRED
  }

  /** What a shadow read compares. */
  public enum ShadowWith {
    /** The primary with the other side. */
    OTHER,
    /** The primary with itself, which measures how many differences the comparison itself makes. */
    PRIMARY
  }

  /**
   * Checks the values.
   *
   * @throws StoreException INVALID if they contradict each other
   */
  public MirrorMode {
    if (readsTo < 0 || readsTo > ALL || shadow < 0 || shadow > ALL) {
      throw StoreException.invalid(
          "A share of keys has 0 to " + ALL + " basis points, not " + readsTo + " or " + shadow);
    }
    if (!SERIES.matcher(series).matches()) {
      throw StoreException.invalid(
          "A series of comparisons is named by 1 to 40 of the characters A-Z, a-z, 0-9 and ._-, not"
              + " '"
              + series
              + "'");
    }
    if (other == Other.UNUSED && readsTo != (primary == Side.TO ? ALL : 0)) {
      throw StoreException.invalid("A side that is not written cannot be read");
    }
    if (other == Other.UNUSED && shadow > 0 && shadowWith == ShadowWith.OTHER) {
      throw StoreException.invalid("A side that is not written cannot be compared");
    }
  }

  /** Returns whether writes go to both sides. */
  public boolean isMirrored() {
    return other != Other.UNUSED;
  }

  /** Returns the mode with another primary. */
  public MirrorMode withPrimary(Side side) {
    return new MirrorMode(side, other, readsTo, shadow, shadowWith, series);
  }

  /** Returns the mode with another use of the side that is not the primary. */
  public MirrorMode withOther(Other use) {
    return new MirrorMode(primary, use, readsTo, shadow, shadowWith, series);
  }

  /** Returns the mode with another share of reads for {@code to}, in basis points. */
  public MirrorMode withReadsTo(int share) {
    return new MirrorMode(primary, other, share, shadow, shadowWith, series);
  }

  /** Returns the mode with other shadow reads. */
  public MirrorMode withShadow(int share, ShadowWith with, String countedAs) {
    return new MirrorMode(primary, other, readsTo, share, with, countedAs);
  }

  /**
   * Returns why the mode must not change from {@code before} to this one, or null if it may. After
   * every change, some processes use the old mode for a while and others the new one. This must not
   * lose a write or show an older row.
   */
  public @Nullable String problemAfter(MirrorMode before) {
    if (primary != before.primary && (other != Other.REQUIRED || before.other != Other.REQUIRED)) {
      return "The primary changes only while both sides are REQUIRED, before and after: otherwise a"
          + " write that only the old primary has may be missing in the new one";
    }
    boolean onlyPrimary = readsTo == (primary == Side.TO ? ALL : 0);
    if (!before.isMirrored() && isMirrored() && !onlyPrimary) {
      return "The other side is read only after all processes write it";
    }
    boolean onlyPrimaryBefore = before.readsTo == (before.primary == Side.TO ? ALL : 0);
    if (before.isMirrored() && !isMirrored() && !onlyPrimaryBefore) {
      return "The other side is no longer written only after no process reads it";
    }
    return null;
  }

  /** Returns the text that {@link #parse} reads. */
  public String format() {
    return Fields.of(FORMAT)
        .with("primary", primary)
        .with("other", other)
        .with("reads-to", readsTo)
        .with("shadow", shadow)
        .with("shadow-with", shadowWith)
        .with("series", series)
        .text();
  }

  static Fields fields(String text) {
    return Fields.parse(FORMAT, text);
  }

  /**
   * Parses the content of a record.
   *
   * @throws StoreException CORRUPT if it is not the text of a mode
   */
  public static MirrorMode parse(String text) {
    Fields fields = fields(text);
    try {
      return new MirrorMode(
          fields.constant("primary", Side.class),
          fields.constant("other", Other.class),
          Math.toIntExact(fields.number("reads-to")),
          Math.toIntExact(fields.number("shadow")),
          fields.constant("shadow-with", ShadowWith.class),
          fields.text("series"));
    } catch (ArithmeticException e) {
      throw new StoreException(Kind.CORRUPT, "The record of a mode has too large a number", e);
    } catch (StoreException e) {
      throw e.kind() == Kind.CORRUPT
          ? e
          : new StoreException(Kind.CORRUPT, "The record of a mode: " + e.getMessage(), e);
    }
  }
}
