// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

/** Which subtask looks an event up: Flink 1.20 does not ask the table. */
public interface LookupShuffle {}
