package io.dimstore.features;

/**
 * What is known of one user's past. A short past is one object; a long one is a tree of small
 * nodes, of which an event reads and writes a few, however long the past is.
 */
sealed interface History permits UserHistory, LargeHistory {}
