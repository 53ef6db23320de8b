package io.dimstore.hbaseredis;

import java.util.List;

/**
 * A script and what it is run on. Every key can be handled alone.
 *
 * @param script which
 * @param common what it is told once, after the reign
 * @param names its keys
 * @param leases what it is told of each key's lease, alike in number; empty where that is nothing
 * @param values what it is told of each key's value, alike in number; empty where that is nothing
 * @param tagged whether the values are sent with the tag of the reign
 */
record ScriptCall(
    Scripts script,
    List<byte[]> common,
    List<byte[]> names,
    List<byte[]> leases,
    List<byte[]> values,
    boolean tagged) {

  /** A script that is told nothing of each key. */
  ScriptCall(Scripts script, List<byte[]> common, List<byte[]> names) {
    this(script, common, names, List.of(), List.of(), false);
  }

  /**
   * What a script answered.
   *
   * @param keys the keys that it was run on, by their position
   * @param value its answer
   */
  record Answer(int[] keys, Object value) {}

  /** The bytes of all that is sent for some of the keys. */
  long size(int from, int to) {
    long size = bytes(from, to);
    for (int i = from; i < to; i++) {
      size += names.get(i).length;
      size += i < leases.size() ? leases.get(i).length : 0;
    }
    return size;
  }

  /** The bytes of the values of some of the keys. */
  long bytes(int from, int to) {
    long size = 0;
    for (int i = from; i < Math.min(to, values.size()); i++) {
      size += values.get(i).length;
    }
    return size;
  }
}
