package io.dimstore.hbaseredis;

import java.util.ArrayList;
import java.util.List;

/**
 * A script and what it is run on. Every key can be handled alone.
 *
 * @param script which
 * @param common what it is told once
 * @param names its keys
 * @param each what it is told for each key, alike in number; empty where that is nothing
 */
record ScriptCall(
    Scripts script, List<byte[]> common, List<byte[]> names, List<List<byte[]>> each) {

  /**
   * What a script answered.
   *
   * @param keys the keys that it was run on, by their position
   * @param value its answer
   */
  record Answer(int[] keys, Object value) {}

  /** The arguments for some of the keys, after the reign, which comes first in all scripts. */
  List<byte[]> arguments(byte[] reign, int from, int to) {
    List<byte[]> arguments = new ArrayList<>(1 + common.size() + 2 * (to - from));
    arguments.add(reign);
    arguments.addAll(common);
    if (!each.isEmpty()) {
      each.subList(from, to).forEach(arguments::addAll);
    }
    return arguments;
  }

  long bytes(int from, int to) {
    long size = 0;
    if (!each.isEmpty()) {
      for (List<byte[]> some : each.subList(from, to)) {
        for (byte[] argument : some) {
          size += argument.length;
        }
      }
    }
    return size;
  }
}
