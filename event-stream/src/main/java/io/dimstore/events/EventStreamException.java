package io.dimstore.events;

/** The input cannot be read on, or the output does not take it. The message names the remedy. */
public final class EventStreamException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  EventStreamException(String message) {
    super(message);
  }

  EventStreamException(String message, Throwable cause) {
    super(message, cause);
  }
}
