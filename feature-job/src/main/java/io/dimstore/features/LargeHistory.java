package io.dimstore.features;

/**
 * The head of an {@link EventTree}: everything but its nodes below the root. Immutable; {@code
 * root} is never written to.
 *
 * @param rootId the number of the root
 * @param root the root, encoded
 * @param newest the newest event time
 * @param firstLeafEnd the last time in the oldest leaf: nothing can be pruned before it is over
 * @param nextNode the next free number of a node
 * @param nextSequence the arrival number of the next event
 * @param cleanUpAt when a timer looks whether the user is forgotten, in epoch milliseconds
 */
@SuppressWarnings("ArrayRecordComponent") // compared by no one, and copied whole
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
