package io.dimstore.dynamodb;

import io.dimstore.spi.StoreException.Kind;

/** Faults after which sending the same request again is no use. */
enum LastingFault {
  EXPIRED(
      WireFault.error(400, "ExpiredTokenException", "The security token is expired"),
      Kind.DENIED,
      "failed-denied"),
  DENIED(
      WireFault.error(400, "AccessDeniedException", "User is not authorized to perform it"),
      Kind.DENIED,
      "failed-denied"),
  UNKNOWN_CLIENT(
      WireFault.error(400, "UnrecognizedClientException", "The security token is invalid"),
      Kind.DENIED,
      "failed-denied"),
  NO_TABLE(
      WireFault.error(400, "ResourceNotFoundException", "Requested resource not found"),
      Kind.NO_TABLE,
      "failed-no-table"),
  REFUSED(
      WireFault.error(400, "ValidationException", "One value is wrong"),
      Kind.INVALID,
      "failed-invalid");

  private final WireFault fault;
  private final Kind kind;
  private final String counted;

  LastingFault(WireFault fault, Kind kind, String counted) {
    this.fault = fault;
    this.kind = kind;
    this.counted = counted;
  }

  WireFault fault() {
    return fault;
  }

  Kind kind() {
    return kind;
  }

  /** Under which name the metrics were told. */
  String counted() {
    return counted;
  }
}
