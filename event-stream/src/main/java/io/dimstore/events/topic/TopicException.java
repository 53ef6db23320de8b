// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.topic;

import org.jspecify.annotations.Nullable;

/** Thrown when topics cannot be read. The message says what to check. */
final class TopicException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TopicException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
