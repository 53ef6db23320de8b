// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

/**
 * The replication cannot go on until an operator has corrected something. The entries stay in
 * HBase's queue; the message says what to correct.
 */
final class HeldException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  HeldException(String message) {
    super(message);
  }
}
