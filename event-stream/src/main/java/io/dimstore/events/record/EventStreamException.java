// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.record;

/**
 * Thrown when the input cannot be read any further or the output rejects a record. The message says
 * how to fix the problem.
 */
public final class EventStreamException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public EventStreamException(String message) {
    super(message);
  }

  public EventStreamException(String message, Throwable cause) {
    super(message, cause);
  }
}
