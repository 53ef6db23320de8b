// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.server;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the stack cannot do what was requested. The message gives the reason and the remedy.
 */
public final class StackException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StackException(String message) {
    this(message, null);
  }

  public StackException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
