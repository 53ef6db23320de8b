// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

/**
 * The stored events of one user. A short history is one object. A long history is a tree of small
 * nodes, of which an event reads and writes only a few, however long the history is.
 */
sealed interface History permits UserHistory, LargeHistory {}
