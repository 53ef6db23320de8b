// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import java.util.List;

/**
 * A write intent: records that Redis may lack the latest writes of the keys of one batch. It is
 * written before its batch is sent to HBase, and removed only after Redis has the batch.
 *
 * @param row its row key
 * @param rowKeys the row keys that are pending for Redis
 * @param createdAt when it was created, by its writer's clock, in epoch milliseconds
 * @param ended whether its writer has recorded that HBase has its batch
 * @param graceMillis the age from which on no attempt to write its batch can be in flight
 * @param ageMillis how old it was when it was read, by HBase's clock alone
 * @param isReadable whether its keys could be read; if not, {@code rowKeys} is empty
 */
public record WriteIntent(
    byte[] row,
    List<byte[]> rowKeys,
    long createdAt,
    boolean ended,
    long graceMillis,
    long ageMillis,
    boolean isReadable) {

  /** Whether no attempt to write its batch to HBase can be in flight any more. */
  public boolean isOver() {
    return ended || ageMillis > graceMillis;
  }
}
