package io.dimstore.tck;

import java.util.EnumMap;
import java.util.Map;

/**
 * What a harness can have the servers of a store do, so that the kit can test what a sound server
 * never shows. Each lasts until the kit ends it.
 */
public enum Provocation {
  /** Each answer holds a part of what was asked for, and at least one key of it. */
  PARTIAL_ANSWERS,
  /** Requests for rows are answered, and none of their keys is processed. */
  NOTHING_PROCESSED,
  /** Of each batch that is written a part is applied, and the rest fails. */
  HALF_WRITES,
  /** The partitions of the table are split or merged once; done when the call returns. */
  REORGANISED,
  /** The credentials are refused. */
  DENIED,
  /** Each request is refused with the demand to slow down. */
  THROTTLED,
  /** Open connections break, and new ones are refused or broken. */
  AWAY,
  /** The server that holds the rows takes requests and answers none. */
  STUCK,
  /** The server that holds copies takes requests and answers none; the one of the rows is well. */
  CACHE_STUCK,
  /** The changes that a feed has kept so far are dropped; done when the call returns. */
  CHANGES_DROPPED;

  /** Declares all of them impossible for one reason. */
  static Map<Provocation, String> none(String reason) {
    Map<Provocation, String> none = new EnumMap<>(Provocation.class);
    for (Provocation each : values()) {
      none.put(each, reason);
    }
    return none;
  }
}
