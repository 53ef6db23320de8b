// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.script;

import java.util.List;
import java.util.function.Function;

/**
 * A script and its arguments. The script handles each key independently, so a call can be divided.
 *
 * @param script the script
 * @param common the arguments that are not for one key; they follow the tag
 * @param names the names of the keys
 * @param leases one argument for each key; empty if the script takes none
 * @param values one further argument for each key; empty if the script takes none
 * @param tagged whether the values are sent with the tag of the replication epoch
 * @param meaning decodes the answers, each of which may be for some of the keys
 * @param <T> the decoded answer
 */
public record ScriptCall<T>(
    Scripts script,
    List<byte[]> common,
    List<byte[]> names,
    List<byte[]> leases,
    List<byte[]> values,
    boolean tagged,
    Function<List<Answer>, T> meaning) {

  /** Creates a call of a script that takes no arguments for single keys. */
  public ScriptCall(
      Scripts script, List<byte[]> common, List<byte[]> names, Function<List<Answer>, T> meaning) {
    this(script, common, names, List.of(), List.of(), false, meaning);
  }

  /**
   * The answer of a script.
   *
   * @param keys the positions of the keys that it handled
   * @param value the answer
   */
  public record Answer(int[] keys, Object value) {}

  /** Returns the bytes that are sent for the keys from one position to another. */
  public long size(int from, int to) {
    long size = bytes(from, to);
    for (int i = from; i < to; i++) {
      size += names.get(i).length;
      size += i < leases.size() ? leases.get(i).length : 0;
    }
    return size;
  }

  /** Returns the bytes of the values of the keys from one position to another. */
  public long bytes(int from, int to) {
    long size = 0;
    for (int i = from; i < Math.min(to, values.size()); i++) {
      size += values.get(i).length;
    }
    return size;
  }
}
