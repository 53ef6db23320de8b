// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.faults;

import io.dimstore.spi.StoreException.Kind;
import io.dimstore.stack.dynamodb.model.Fault;

/** Permanent faults: a retry of the same request fails too. */
public enum LastingFault {
  EXPIRED(
      Fault.error(400, "ExpiredTokenException", "The security token is expired"),
      Kind.DENIED,
      "failed-denied"),
  DENIED(
      Fault.error(400, "AccessDeniedException", "User is not authorized to perform it"),
      Kind.DENIED,
      "failed-denied"),
  UNKNOWN_CLIENT(
      Fault.error(400, "UnrecognizedClientException", "The security token is invalid"),
      Kind.DENIED,
      "failed-denied"),
  NO_TABLE(
      Fault.error(400, "ResourceNotFoundException", "Requested resource not found"),
      Kind.NO_TABLE,
      "failed-no-table"),
  REFUSED(
      Fault.error(400, "ValidationException", "One value is wrong"),
      Kind.INVALID,
      "failed-invalid");

  private final Fault fault;
  private final Kind kind;
  private final String counted;

  LastingFault(Fault fault, Kind kind, String counted) {
    this.fault = fault;
    this.kind = kind;
    this.counted = counted;
  }

  public Fault fault() {
    return fault;
  }

  public Kind kind() {
    return kind;
  }

  /** Returns the name of the metric that counts the fault. */
  public String counted() {
    return counted;
  }
}
