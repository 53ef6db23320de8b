// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

/**
 * The head of an {@link EventTree}: its root and everything else that is not stored in the nodes
 * below the root. Immutable; {@code root} is never modified.
 *
 * @param rootId the number of the root
 * @param root the root, encoded
 * @param newest the newest event time
 * @param firstLeafEnd the last time in the oldest leaf; nothing can be pruned before this time has
 *     left all windows
 * @param nextNode the next free number of a node
 * @param nextSequence the arrival number of the next event
 * @param cleanUpAt when a timer checks whether the user's state has expired, in epoch milliseconds
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and only copied as a whole
record LargeHistory(
    long rootId,
    byte[] root,
    long newest,
    long firstLeafEnd,
    long nextNode,
    long nextSequence,
    long cleanUpAt)
    implements History {

  LargeHistory withCleanUpAt(long millis) {
    return new LargeHistory(rootId, root, newest, firstLeafEnd, nextNode, nextSequence, millis);
  }
}
